/* SPDX-License-Identifier: MIT */
/*
 * Who is served next, when several ask at once: the round-robin tree of common_cells'
 * rr_arb_tree.sv. At each node of a binary tree the state's bit prefers a side; when the choice was
 * taken, the state moves on to the next that asks.
 */
#ifndef CPU_TIMING_UNITS_ARBITER_H
#define CPU_TIMING_UNITS_ARBITER_H

#include "bus/base.h"

/* `requests` has bits below `count` only, at least one of them; `state` is below count. */
unsigned arbiter_choice(u32 requests, unsigned count, unsigned state);

/* The state after a choice among `requests` was taken. */
unsigned arbiter_next(u32 requests, unsigned state);

#endif
