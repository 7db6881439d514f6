/* SPDX-License-Identifier: MIT */
/* The edit distance of two texts, by a table of one row: minima, and branches hard to predict. */
#include "../program.h"

#define LENGTH 1000

static unsigned least(unsigned a, unsigned b, unsigned c)
{
	unsigned two = a < b ? a : b;

	return two < c ? two : c;
}

static unsigned distance(const char *a, const char *b)
{
	unsigned row[LENGTH + 1];

	for (unsigned n = 0; n <= LENGTH; n++)
		row[n] = n;
	for (unsigned i = 0; i < LENGTH; i++) {
		unsigned diagonal = row[0];

		row[0] = i + 1;
		for (unsigned j = 0; j < LENGTH; j++) {
			unsigned above = row[j + 1];

			row[j + 1] = a[i] == b[j] ? diagonal : 1 + least(diagonal, above, row[j]);
			diagonal = above;
		}
	}
	return row[LENGTH];
}

uint64_t run_distance(unsigned rounds)
{
	char a[LENGTH], b[LENGTH];
	uint64_t state = 8, sum = 0;

	while (rounds--) {
		for (unsigned n = 0; n < LENGTH; n++) {
			a[n] = (char)(random_next(&state) >> 62);
			b[n] = (char)(random_next(&state) >> 62);
		}
		sum = mix(sum, distance(a, b));
	}
	return sum;
}
