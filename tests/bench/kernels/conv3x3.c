/* SPDX-License-Identifier: MIT */
/* An image of floats, filtered by 3 x 3 weights. */
#include "kernel.h"

#define SIZE 64

static float in[SIZE][SIZE], out[SIZE][SIZE];
static const float weights[3][3] = { { 1, 2, 1 }, { 3, -5, 2 }, { -1, 4, 7 } };

void prepare_conv3x3(void)
{
	u64 state = 6;

	for (size_t n = 0; n < SIZE * SIZE; n++)
		in[n / SIZE][n % SIZE] = (float)(random_next(&state) & 255);
}

static NOINLINE void filter(float *restrict to, const float *restrict from, const float (*w)[3])
{
	for (size_t n = 1; n < SIZE - 1; n++) {
		const float *over = from + n, *here = over + SIZE, *under = here + SIZE;

		to[n] = w[0][0] * over[-1] + w[0][1] * over[0] + w[0][2] * over[1] +
			w[1][0] * here[-1] + w[1][1] * here[0] + w[1][2] * here[1] +
			w[2][0] * under[-1] + w[2][1] * under[0] + w[2][2] * under[1];
	}
}

void round_conv3x3(void)
{
	for (size_t row = 1; row < SIZE - 1; row++)
		filter(out[row], in[row - 1], weights);
}

u64 sum_conv3x3(void)
{
	return sum_bytes(out, sizeof(out));
}
