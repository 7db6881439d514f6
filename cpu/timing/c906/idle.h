/* SPDX-License-Identifier: MIT */
/*
 * Skips cycles of a C906 in which nothing happens. If a cycle has changed nothing, the next ones
 * are the same until something in flight is due, and need not be stepped.
 */
#ifndef CPU_TIMING_C906_IDLE_H
#define CPU_TIMING_C906_IDLE_H

#include "cpu/timing/c906/core.h"

/* The state before a cycle, except tables that change only together with something in here. */
struct c906_idle_snapshot {
	struct c906_pipeline pipe;
	struct c906_biu biu;
	struct c906_records records;
	struct c906_learned learned;
	struct timing_tally tally;
	const struct actions *actions; /* actions while they are recorded, or NULL */
	unsigned logged, later; /* actions recorded until then, and changes left for later */
	u8 refills_behind, starves;
	bool drained, starts;
};

/* Steps a cycle, and skips those after it that are equal. `still` is space to compare with. */
void c906_core_advance(struct c906_core *core, struct c906_idle_snapshot *still);

#endif
