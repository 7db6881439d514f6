/* SPDX-License-Identifier: MIT */
/* The loops for hosts with AVX-512. */
#define LOOPS vector_loops_v4
#include "cpu/vector/loops.inc"
