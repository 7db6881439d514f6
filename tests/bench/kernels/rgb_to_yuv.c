/* SPDX-License-Identifier: MIT */
/* Converts pixels of three bytes to planes of brightness and two colours (BT.601, 8 bits). */
#include "kernel.h"

#define PIXELS 4096

static u8 in[3 * PIXELS], y[PIXELS], u[PIXELS], v[PIXELS];

void prepare_rgb_to_yuv(void)
{
	random_bytes(in, sizeof(in), 14);
}

static NOINLINE void convert(const u8 *restrict rgb, u8 *restrict to_y, u8 *restrict to_u,
			     u8 *restrict to_v)
{
	for (size_t n = 0; n < PIXELS; n++) {
		s16 red = rgb[3 * n], green = rgb[3 * n + 1], blue = rgb[3 * n + 2];

		to_y[n] = (u8)(((u16)(66 * red + 129 * green + 25 * blue + 128) >> 8) + 16);
		to_u[n] = (u8)(((s16)(-38 * red - 74 * green + 112 * blue + 128) >> 8) + 128);
		to_v[n] = (u8)(((s16)(112 * red - 94 * green - 18 * blue + 128) >> 8) + 128);
	}
}

void round_rgb_to_yuv(void)
{
	convert(in, y, u, v);
}

u64 sum_rgb_to_yuv(void)
{
	return sum_bytes(y, sizeof(y)) ^ 3 * sum_bytes(u, sizeof(u)) ^ 5 * sum_bytes(v, sizeof(v));
}
