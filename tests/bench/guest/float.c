/* SPDX-License-Identifier: MIT */
/*
 * Floating point in both precisions: bodies that attract each other (square roots, divisions), a
 * product of matrices with fused operations, a filter and a fractal in single precision, and
 * conversions. The sums are of bit patterns: every operation must round as IEEE 754 requires.
 */
#include "bench.h"

const u64 bench_expected = 0x28c9248a713c7fca;

static u64 bits_of(double value)
{
	union {
		double value;
		u64 bits;
	} both = { value };

	return both.bits;
}

static u32 bits_of_single(float value)
{
	union {
		float value;
		u32 bits;
	} both = { value };

	return both.bits;
}

#define BODIES 6

struct body {
	double at[3], speed[3], mass;
};

static void attract(struct body *one, struct body *other, double time)
{
	double way[3], square = 0.01, pull;

	for (unsigned n = 0; n < 3; n++) {
		way[n] = one->at[n] - other->at[n];
		square += way[n] * way[n];
	}
	pull = time / (square * __builtin_sqrt(square));
	for (unsigned n = 0; n < 3; n++) {
		one->speed[n] -= way[n] * other->mass * pull;
		other->speed[n] += way[n] * one->mass * pull;
	}
}

static u64 bodies_work(u64 sum)
{
	static struct body bodies[BODIES];

	for (unsigned n = 0; n < BODIES; n++)
		bodies[n] = (struct body){ { 1.5 * n, 4.0 - n, 0.25 * n * n },
					   { 0.125 * n, 0.5, -0.0625 * n },
					   1.0 / (n + 1) };
	for (unsigned step = 0; step < 400; step++) {
		for (unsigned n = 0; n < BODIES; n++)
			for (unsigned k = n + 1; k < BODIES; k++)
				attract(&bodies[n], &bodies[k], 0.001);
		for (unsigned n = 0; n < BODIES; n++)
			for (unsigned k = 0; k < 3; k++)
				bodies[n].at[k] += 0.001 * bodies[n].speed[k];
	}
	for (unsigned n = 0; n < BODIES; n++)
		for (unsigned k = 0; k < 3; k++)
			sum = mix(sum, bits_of(bodies[n].at[k]));
	return sum;
}

#define SIDE 32

static double left[SIDE][SIDE], right[SIDE][SIDE], product[SIDE][SIDE];

static u64 matrix_work(u64 sum)
{
	for (unsigned y = 0; y < SIDE; y++)
		for (unsigned x = 0; x < SIDE; x++) {
			left[y][x] = 1.0 / (x + y + 1);
			right[y][x] = (double)(s32)(x - y) * 0.3;
		}
	for (unsigned y = 0; y < SIDE; y++)
		for (unsigned x = 0; x < SIDE; x++) {
			double cell = 0;

			for (unsigned k = 0; k < SIDE; k++)
				cell = __builtin_fma(left[y][k], right[k][x], cell);
			product[y][x] = cell;
		}
	for (unsigned y = 0; y < SIDE; y++)
		sum = mix(sum, bits_of(product[y][SIDE - 1 - y]));
	return sum;
}

#define SAMPLES 1024
#define TAPS 16

static float input[SAMPLES + TAPS], taps[TAPS];

static u64 filter_work(u64 sum)
{
	u64 random = 0x123456789abcdefull;

	for (unsigned n = 0; n < SAMPLES + TAPS; n++)
		input[n] = (float)(s32)next_random(&random) * 0x1p-31f;
	for (unsigned n = 0; n < TAPS; n++)
		taps[n] = 1.0f / (float)(n + 3);
	for (unsigned n = 0; n < SAMPLES; n++) {
		float out = 0;

		for (unsigned k = 0; k < TAPS; k++)
			out += input[n + k] * taps[k];
		sum += bits_of_single(out);
	}
	return mix(sum, 1);
}

static u64 fractal_work(u64 sum)
{
	for (unsigned row = 0; row < 24; row++)
		for (unsigned column = 0; column < 32; column++) {
			float cx = -2.0f + 0.09f * (float)column, cy = -1.1f + 0.09f * (float)row;
			float x = 0, y = 0;
			unsigned n = 0;

			while (n < 48 && x * x + y * y < 4.0f) {
				float next = x * x - y * y + cx;

				y = 2.0f * x * y + cy;
				x = next;
				n++;
			}
			sum += n * (row + 1);
		}
	return mix(sum, 2);
}

static u64 convert_work(u64 sum)
{
	double value = 1.0;

	for (unsigned n = 0; n < 2000; n++) {
		s64 whole;

		value = value * 1.37 + 0.1;
		if (value > 1e9)
			value = value / 1e9;
		whole = (s64)(value * 16.0);
		sum += (u64)whole + (u32)(float)value;
		value += (double)whole * 0x1p-40;
	}
	return mix(sum, bits_of(value));
}

u64 bench_round(void)
{
	return convert_work(fractal_work(filter_work(matrix_work(bodies_work(0)))));
}
