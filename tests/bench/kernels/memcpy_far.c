/* SPDX-License-Identifier: MIT */
/* A copy that fits in no cache of one core. */
#define SIZE (16 << 20)
#define NAME(what) what##_memcpy_far
#include "copy.inc"
