/* SPDX-License-Identifier: MIT */
/* Three arrays of 8 MB, from the beginning to the end: fill, scale and add. */
#include "../program.h"

#define WORDS (1 << 20)

static uint64_t *a, *b, *c;

void prepare_stream(void)
{
	a = allocate(WORDS * sizeof(*a));
	b = allocate(WORDS * sizeof(*b));
	c = allocate(WORDS * sizeof(*c));
	for (size_t n = 0; n < WORDS; n++)
		a[n] = b[n] = c[n] = n;
}

uint64_t run_stream(unsigned rounds)
{
	uint64_t sum = 0;

	while (rounds--) {
		for (size_t n = 0; n < WORDS; n++)
			a[n] = n ^ rounds;
		for (size_t n = 0; n < WORDS; n++)
			b[n] += 3 * a[n];
		for (size_t n = 0; n < WORDS; n++)
			c[n] = a[n] + b[n];
		for (size_t n = 0; n < WORDS; n++)
			sum += c[n];
	}
	return sum;
}
