/* SPDX-License-Identifier: MIT */
/*
 * A Fourier transform of 1024 complex numbers and its inverse, with the same geometry in each stage
 * (Pease): the results are in bit-reversed order, which the inverse accepts. Rounding differs where
 * a compiler fuses operations, so the checksum is of the final results as integers.
 */
#include "kernel.h"

#define STAGES 10
#define SIZE (1u << STAGES)
#define HALF (SIZE / 2)

struct numbers {
	float re[SIZE], im[SIZE];
};

static struct numbers in, one, other;
static float factor_re[STAGES][HALF], factor_im[STAGES][HALF];

void prepare_fft(void)
{
	/* These are the first root of unity, and its powers. */
	const double root_re = 0.99998117528260110909, root_im = -0.0061358846491544753597;
	double re = 1, im = 0;
	u64 state = 7;

	for (size_t n = 0; n < SIZE; n++) {
		in.re[n] = (float)(random_next(&state) & 255);
		in.im[n] = (float)(random_next(&state) & 255);
	}
	for (size_t n = 0; n < HALF; n++) {
		double next = re * root_re - im * root_im;

		factor_re[0][n] = (float)re;
		factor_im[0][n] = (float)im;
		im = re * root_im + im * root_re;
		re = next;
	}
	for (size_t stage = 1; stage < STAGES; stage++)
		for (size_t n = 0; n < HALF; n++) {
			factor_re[stage][n] = factor_re[0][n >> stage << stage];
			factor_im[stage][n] = factor_im[0][n >> stage << stage];
		}
}

static NOINLINE void forth(struct numbers *restrict to, const struct numbers *restrict from,
			   const float *restrict w_re, const float *restrict w_im)
{
	for (size_t n = 0; n < HALF; n++) {
		float re = from->re[n] - from->re[n + HALF];
		float im = from->im[n] - from->im[n + HALF];

		to->re[2 * n] = from->re[n] + from->re[n + HALF];
		to->im[2 * n] = from->im[n] + from->im[n + HALF];
		to->re[2 * n + 1] = re * w_re[n] - im * w_im[n];
		to->im[2 * n + 1] = re * w_im[n] + im * w_re[n];
	}
}

static NOINLINE void back(struct numbers *restrict to, const struct numbers *restrict from,
			  const float *restrict w_re, const float *restrict w_im)
{
	for (size_t n = 0; n < HALF; n++) {
		float re = from->re[2 * n + 1] * w_re[n] + from->im[2 * n + 1] * w_im[n];
		float im = from->im[2 * n + 1] * w_re[n] - from->re[2 * n + 1] * w_im[n];

		to->re[n] = (from->re[2 * n] + re) * 0.5f;
		to->im[n] = (from->im[2 * n] + im) * 0.5f;
		to->re[n + HALF] = (from->re[2 * n] - re) * 0.5f;
		to->im[n + HALF] = (from->im[2 * n] - im) * 0.5f;
	}
}

void round_fft(void)
{
	forth(&one, &in, factor_re[0], factor_im[0]);
	for (size_t stage = 1; stage < STAGES; stage += 2) {
		forth(&other, &one, factor_re[stage], factor_im[stage]);
		if (stage + 1 < STAGES)
			forth(&one, &other, factor_re[stage + 1], factor_im[stage + 1]);
	}
	for (size_t stage = STAGES; stage; stage -= 2) {
		back(&one, &other, factor_re[stage - 1], factor_im[stage - 1]);
		back(&other, &one, factor_re[stage - 2], factor_im[stage - 2]);
	}
}

u64 sum_fft(void)
{
	u64 sum = 0;

	for (size_t n = 0; n < SIZE; n++)
		sum = sum * 31 + (u32)(other.re[n] + 0.5f) * 7ull + (u32)(other.im[n] + 0.5f);
	return sum;
}
