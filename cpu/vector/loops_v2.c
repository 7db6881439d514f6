/* SPDX-License-Identifier: MIT */
/* The loops for every host that Baya runs on, and the choice among all. */
#define LOOPS vector_loops_v2
#include "cpu/vector/loops.inc"

const struct vector_loops *vector_loops_best(void)
{
	if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
	    __builtin_cpu_supports("avx512vl"))
		return &vector_loops_v4;
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
		return &vector_loops_v3;
	return &vector_loops_v2;
}
