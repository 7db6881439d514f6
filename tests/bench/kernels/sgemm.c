/* SPDX-License-Identifier: MIT */
/* A block of a matrix product of float. */
#define REAL float
#define SIZE 64
#define NAME(what) what##_sgemm
#include "gemm.inc"
