/* SPDX-License-Identifier: MIT */
/* The product of two matrices. */
#include "real.h"

#define SIDE 100

static real a[SIDE][SIDE], b[SIDE][SIDE], c[SIDE][SIDE];

static void multiply(void)
{
	for (int i = 0; i < SIDE; i++) {
		for (int j = 0; j < SIDE; j++)
			c[i][j] = 0;
		for (int k = 0; k < SIDE; k++)
			for (int j = 0; j < SIDE; j++)
				c[i][j] += a[i][k] * b[k][j];
	}
}

uint64_t RUN(matrix)(unsigned rounds)
{
	uint64_t state = 11, sum = 0;

	for (int i = 0; i < SIDE; i++)
		for (int j = 0; j < SIDE; j++) {
			a[i][j] = random_real(&state) - (real)0.5;
			b[i][j] = random_real(&state) - (real)0.5;
		}
	while (rounds--) {
		multiply();
		for (int i = 0; i < SIDE; i++)
			a[i][rounds % SIDE] = b[rounds % SIDE][i];
	}
	sum = mix_bytes(sum, c, sizeof(c));
	return sum;
}
