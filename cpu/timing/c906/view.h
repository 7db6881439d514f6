/* SPDX-License-Identifier: MIT */
/*
 * C906's pipeline for a viewer: it determines each instruction's stage from the signals of a cycle.
 * Of the stages after EX1 only the end is known.
 */
#ifndef CPU_TIMING_C906_VIEW_H
#define CPU_TIMING_C906_VIEW_H

#include "cpu/timing/stages.h"

struct c906_core;
struct c906_wires;

/* The most instructions between dispatch and their end, by number. */
#define C906_VIEW_WAYS 32

struct c906_view {
	struct timing_stages stages;
	struct {
		bool valid;
		u64 number;
		struct timing_way way;
	} in_flight[C906_VIEW_WAYS];
	bool wrong_path_valid; /* the instruction in EX1 has no record */
	struct timing_way wrong_path;
};

void c906_view_reset(struct c906_view *view);

/* Follows the instructions that this cycle moves; called at its end. */
void c906_view_cycle(struct c906_view *view, const struct c906_core *core,
		     const struct c906_wires *wires);

#endif
