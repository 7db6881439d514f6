/* SPDX-License-Identifier: MIT */
/*
 * Cycles of a C906 in which nothing happens. One that has changed nothing is followed by more of
 * the same until something that is under way is due, and those need not be stepped.
 */
#ifndef CPU_TIMING_C906_IDLE_H
#define CPU_TIMING_C906_IDLE_H

#include "cpu/timing/c906/core.h"

/* What a cycle begins with, but for tables that nothing changes without a change in here. */
struct c906_still {
	struct c906_pipeline pipe;
	struct c906_biu biu;
	struct c906_records records;
	struct c906_learned learned;
	struct timing_tally tally;
	const struct actions *actions; /* by whom it is written down, or NULL */
	unsigned asked, later; /* what was written down until then, and is to be */
	u8 refills_behind, starves;
	bool drained, starts;
};

/* A cycle; and those behind it that are as it was. `still` is room to look with. */
void c906_core_advance(struct c906_core *core, struct c906_still *still);

#endif
