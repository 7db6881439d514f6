/* SPDX-License-Identifier: MIT */
/* The tree of a round-robin arbiter. See arbiter.h. */
#include "cpu/timing/units/arbiter.h"

static u32 arbiter_within(u32 requests, unsigned first, unsigned count)
{
	return requests >> first & (u32)(BIT(count) - 1);
}

unsigned arbiter_choice_among(u32 requests, unsigned count, unsigned state)
{
	unsigned half = 1, first = 0;

	while (half * 2 < count)
		half *= 2;
	/*
	 * From the root down, the upper half is chosen if only it has requests, or if both halves
	 * have requests and the state prefers the upper one. No branch depends on which requests
	 * there are, because the host would mispredict it.
	 */
	for (; half > 0; half /= 2) {
		bool lower = arbiter_within(requests, first, half);
		bool upper = arbiter_within(requests, first + half, half);
		bool preferred = (state & half) != 0;

		first += half * (unsigned)((lower ^ 1) | (upper & preferred));
	}
	return first;
}
