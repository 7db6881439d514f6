/* SPDX-License-Identifier: MIT */
/* The dot product of two arrays of bytes, in 32 bits. */
#include "kernel.h"

#define SIZE 8192

static s8 x[SIZE], y[SIZE];
static s32 result;

void prepare_dot_int8(void)
{
	random_bytes((u8 *)x, SIZE, 3);
	random_bytes((u8 *)y, SIZE, 4);
}

static NOINLINE s32 dot(const s8 *a, const s8 *b, size_t size)
{
	s32 sum = 0;

	for (size_t n = 0; n < size; n++)
		sum += a[n] * b[n];
	return sum;
}

void round_dot_int8(void)
{
	result = dot(x, y, SIZE);
}

u64 sum_dot_int8(void)
{
	return (u32)result;
}
