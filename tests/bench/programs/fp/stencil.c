/* SPDX-License-Identifier: MIT */
/* Heat that spreads on a plate: each point becomes the mean of its neighbours. */
#include "real.h"

#define SIDE 128
#define STEPS 8

static real plates[2][SIDE][SIDE];

static void step(real (*from)[SIDE], real (*to)[SIDE])
{
	for (int i = 1; i < SIDE - 1; i++)
		for (int j = 1; j < SIDE - 1; j++)
			to[i][j] = (real)0.5 * from[i][j] +
				   (real)0.125 * (from[i - 1][j] + from[i + 1][j] + from[i][j - 1] +
						  from[i][j + 1]);
}

uint64_t RUN(stencil)(unsigned rounds)
{
	for (int j = 0; j < SIDE; j++)
		plates[0][0][j] = plates[1][0][j] = (real)(j % 16);
	while (rounds--)
		for (int n = 0; n < STEPS; n++)
			step(plates[n % 2], plates[1 - n % 2]);
	return mix_bytes(0, plates, sizeof(plates));
}
