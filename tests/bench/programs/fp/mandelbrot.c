/* SPDX-License-Identifier: MIT */
/* The Mandelbrot set: products and comparisons, without loads. */
#include "real.h"

#define SIDE 96
#define MOST 100

static unsigned escape(real x, real y)
{
	real a = 0, b = 0;
	unsigned n;

	for (n = 0; n < MOST && a * a + b * b <= 4; n++) {
		real next = a * a - b * b + x;

		b = 2 * a * b + y;
		a = next;
	}
	return n;
}

uint64_t RUN(mandelbrot)(unsigned rounds)
{
	uint64_t sum = 0;

	for (unsigned round = 0; round < rounds; round++) {
		real step = (real)2.5 / (real)(SIDE + round % 8);

		for (int row = 0; row < SIDE; row++) {
			unsigned line = 0;

			for (int column = 0; column < SIDE; column++)
				line += escape((real)column * step - 2,
					       (real)row * step - (real)1.2);
			sum = mix(sum, line);
		}
	}
	return sum;
}
