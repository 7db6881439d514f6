/* SPDX-License-Identifier: MIT */
/* Where the tiers note which blocks a hart has executed, for its timing model (timing/run.h). */
#ifndef CPU_HART_NOTES_STATE_H
#define CPU_HART_NOTES_STATE_H

#include "bus/base.h"

struct run_notes {
	u64 *end; /* of the runs noted, where the next one goes */
	u64 *most; /* none may begin here, or behind it */
	/* The memory in which operands may be: its host address, its guest address, its size. */
	u64 ram_host, ram_base, ram_size;
	u64 how; /* what the runs from now on have in common, as in struct timing_run */
};

#endif
