/* SPDX-License-Identifier: MIT */
/* Counts in how many ways eleven queens can be placed without a threat: recursion, sets as bits. */
#include "../program.h"

#define SIDE 11

static unsigned place(unsigned columns, unsigned rising, unsigned falling, unsigned rows)
{
	unsigned free = ((1U << SIDE) - 1) & ~(columns | rising | falling), found = 0;

	if (!rows)
		return 1;
	while (free) {
		unsigned queen = free & -free;

		free ^= queen;
		found += place(columns | queen, (rising | queen) << 1, (falling | queen) >> 1,
			       rows - 1);
	}
	return found;
}

uint64_t run_queens(unsigned rounds)
{
	uint64_t sum = 0;

	while (rounds--)
		sum = mix(sum, place(0, 0, 0, SIDE) + place(1 + rounds % 2, 0, 0, SIDE - 1));
	return sum;
}
