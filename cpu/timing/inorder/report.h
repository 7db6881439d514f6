/* SPDX-License-Identifier: MIT */
/*
 * A core's report of the time that passes: as counts, and by calls of the host's functions or in a
 * list.
 */
#ifndef CPU_TIMING_INORDER_REPORT_H
#define CPU_TIMING_INORDER_REPORT_H

#include "cpu/timing/memo/retired.h"

struct inorder_report {
	struct timing_tally *tally;
	const struct timing_host *host; /* NULL: the report goes to the list */
	struct retired list;
};

/* Attributes cycles to a cause. */
void inorder_attribute(struct inorder_report *report, enum timing_cause cause, u64 cycles);

#endif
