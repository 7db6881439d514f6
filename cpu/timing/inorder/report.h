/* SPDX-License-Identifier: MIT */
/* What a core tells of the time that goes by: counts, and the host's functions or a list. */
#ifndef CPU_TIMING_INORDER_REPORT_H
#define CPU_TIMING_INORDER_REPORT_H

#include "cpu/timing/memo/retired.h"

struct inorder_report {
	struct timing_tally *tally;
	const struct timing_host *host; /* NULL: it goes to the list */
	struct retired list;
};

/* Cycles that went by. */
void inorder_attribute(struct inorder_report *report, enum timing_cause cause, u64 cycles);

#endif
