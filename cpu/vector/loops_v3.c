/* SPDX-License-Identifier: MIT */
/* The loops for hosts with AVX2. */
#define LOOPS vector_loops_v3
#include "cpu/vector/loops.inc"
