/* SPDX-License-Identifier: MIT */
/* y += a * x, and then y -= a * x. */
#include "kernel.h"

#define SIZE 4096

static float x[SIZE], y[SIZE];

void prepare_saxpy(void)
{
	u64 state = 1;

	for (size_t n = 0; n < SIZE; n++) {
		x[n] = (float)(random_next(&state) & 255);
		y[n] = (float)(random_next(&state) & 255);
	}
}

static NOINLINE void saxpy(float *restrict to, const float *restrict from, float a, size_t size)
{
	for (size_t n = 0; n < size; n++)
		to[n] += a * from[n];
}

void round_saxpy(void)
{
	saxpy(y, x, 3, SIZE);
	saxpy(y, x, -3, SIZE);
}

u64 sum_saxpy(void)
{
	return sum_bytes(y, sizeof(y));
}
