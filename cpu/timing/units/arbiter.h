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
 * Return the request that is served. `requests` has bits below `count` only, at least one of them;
 * `state` is below count.
 */
unsigned arbiter_choice(u32 requests, unsigned count, unsigned state);

/* Return the state after a choice among `requests` was taken. */
unsigned arbiter_next(u32 requests, unsigned state);

#endif
