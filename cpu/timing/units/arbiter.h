/* SPDX-License-Identifier: MIT */
/*
 * A round-robin arbiter: the tree of common_cells' rr_arb_tree.sv. At each node of a binary tree a
 * bit of the state prefers one side. After each choice the state becomes the next request.
 */
#ifndef CPU_TIMING_UNITS_ARBITER_H
#define CPU_TIMING_UNITS_ARBITER_H

#include "bus/base.h"

/*
 * Returns the request that is served. `requests` has only bits below `count`, at least one; `state`
 * is below count. arbiter_choice_among goes through the tree even for one request.
 */
unsigned arbiter_choice_among(u32 requests, unsigned count, unsigned state);
static inline unsigned arbiter_choice(u32 requests, unsigned count, unsigned state)
{
	if (requests & (requests - 1))
		return arbiter_choice_among(requests, count, state);
	return (unsigned)__builtin_ctz(requests);
}

/* Returns the state after a choice among `requests` was taken. */
static inline unsigned arbiter_next(u32 requests, unsigned state)
{
	u32 above = requests & ~(u32)(BIT(state + 1) - 1);

	if (above)
		return (unsigned)__builtin_ctz(above);
	return requests ? (unsigned)__builtin_ctz(requests) : state;
}

#endif
