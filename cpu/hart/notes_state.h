/* SPDX-License-Identifier: MIT */
/*
 * The place where the tiers note the blocks that a hart has executed, for its timing model
 * (timing/run.h).
 */
#ifndef CPU_HART_NOTES_STATE_H
#define CPU_HART_NOTES_STATE_H

#include "bus/base.h"

struct run_notes {
	u64 *end; /* the end of the noted runs, where the next one goes */
	u64 *most; /* no run may begin at this address or after it */
	/*
	 * The memory that contains the operands: its host address, its guest address, its size in
	 * bytes.
	 */
	u64 ram_host, ram_base, ram_size;
	u64 how; /* the fields that all runs from now on have in common, as in struct timing_run */
};

#endif
