/* SPDX-License-Identifier: MIT */
/*
 * CVA6's pipeline for a viewer: it determines each instruction's stage from the signals of a cycle.
 * The core itself does not number instructions.
 */
#ifndef CPU_TIMING_CVA6_VIEW_H
#define CPU_TIMING_CVA6_VIEW_H

#include "cpu/timing/cva6/params.h"
#include "cpu/timing/stages.h"

struct cva6_core;
struct cva6_wires;

struct cva6_view {
	struct timing_stages stages;
	struct timing_way slot[CVA6_SLOTS_MAX]; /* the instruction in each slot of the scoreboard */
	bool decoded; /* the oldest in the queue is in the register after decode */
	u32 in_flight; /* a bit for each slot in use */
};

void cva6_view_reset(struct cva6_view *view);

/*
 * Reports the instructions that moved in this cycle; called after fetch, before the pipeline is
 * redirected.
 */
void cva6_view_cycle(struct cva6_view *view, const struct cva6_core *core,
		     const struct cva6_wires *wires);

/* Drops all instructions. */
void cva6_view_drop(struct cva6_view *view, u64 cycle);

#endif
