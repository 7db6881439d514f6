/* SPDX-License-Identifier: MIT */
/* A copy in the first-level cache. */
#define SIZE 12288
#define NAME(what) what##_memcpy
#include "copy.inc"
