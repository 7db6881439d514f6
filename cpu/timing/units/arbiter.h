/* SPDX-License-Identifier: MIT */
/*
 * A round-robin arbiter: the tree of common_cells' rr_arb_tree.sv. At each node of a binary tree
 * the state's bit prefers a side; when the choice was taken, the state moves on to the next
 * request.
 */
#ifndef CPU_TIMING_UNITS_ARBITER_H
#define CPU_TIMING_UNITS_ARBITER_H

#include "bus/base.h"

/*
 * Returns the request that is served. `requests` has bits below `count` only, at least one of them;
 * `state` is below count. The first function goes through the tree, also for one request.
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
