/* SPDX-License-Identifier: MIT */
/* A block of a matrix product of double. */
#define REAL double
#define SIZE 32
#define NAME(what) what##_dgemm
#include "gemm.inc"
