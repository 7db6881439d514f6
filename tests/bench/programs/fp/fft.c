/* SPDX-License-Identifier: MIT */
/* The fast Fourier transform of 4096 complex numbers, radix 2, in place. */
#include "real.h"

#define BITS 12
#define SIZE (1 << BITS)

struct complex {
	real re, im;
};

static struct complex data[SIZE], turn[SIZE / 2];

static struct complex multiply(struct complex a, struct complex b)
{
	return (struct complex){ a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re };
}

/* Computes the powers of the first root of unity, whose angle is found by halving. */
static void make_turns(void)
{
	struct complex angle = { -1, 0 };

	turn[0] = (struct complex){ 1, 0 };
	for (int count = 1; count < SIZE / 2; count *= 2) {
		real half = root((1 + angle.re) / 2);

		angle.im = angle.re < 0 ? -1 : angle.im / (2 * half);
		angle.re = half;
		/* The powers found so far move to every second place, because the root's angle is
		 * half as large now. */
		for (int n = count; n-- > 0;) {
			turn[2 * n] = turn[n];
			turn[2 * n + 1] = multiply(turn[n], angle);
		}
	}
}

static void reverse_bits(void)
{
	for (unsigned n = 0, other = 0; n < SIZE; n++) {
		unsigned bit = SIZE / 2;

		if (n < other) {
			struct complex value = data[n];

			data[n] = data[other];
			data[other] = value;
		}
		for (; other & bit; bit /= 2)
			other ^= bit;
		other |= bit;
	}
}

static void transform(void)
{
	reverse_bits();
	for (int half = 1; half < SIZE; half *= 2)
		for (int begin = 0; begin < SIZE; begin += 2 * half)
			for (int n = 0; n < half; n++) {
				struct complex *low = &data[begin + n], *high = low + half;
				struct complex product =
					multiply(*high, turn[n * (SIZE / 2 / half)]);

				*high = (struct complex){ low->re - product.re,
							  low->im - product.im };
				low->re += product.re;
				low->im += product.im;
			}
}

uint64_t RUN(fft)(unsigned rounds)
{
	uint64_t state = 12, sum = 0;

	make_turns();
	while (rounds--) {
		for (int n = 0; n < SIZE; n++) {
			data[n].re = random_real(&state);
			data[n].im = random_real(&state);
		}
		transform();
		for (int n = 0; n < SIZE; n += 64)
			sum = mix_bytes(sum, &data[n], sizeof(data[n]));
	}
	return sum;
}
