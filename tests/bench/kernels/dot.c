/* SPDX-License-Identifier: MIT */
/* The dot product of two arrays of float. */
#include "kernel.h"

#define SIZE 4096

static float x[SIZE], y[SIZE], result;

void prepare_dot(void)
{
	u64 state = 2;

	for (size_t n = 0; n < SIZE; n++) {
		x[n] = (float)(random_next(&state) & 15);
		y[n] = (float)(random_next(&state) & 15);
	}
}

static NOINLINE float dot(const float *a, const float *b, size_t size)
{
	float sum = 0;

	for (size_t n = 0; n < size; n++)
		sum += a[n] * b[n];
	return sum;
}

void round_dot(void)
{
	result = dot(x, y, SIZE);
}

u64 sum_dot(void)
{
	return sum_bytes(&result, sizeof(result));
}
