/* SPDX-License-Identifier: MIT */
/* What a core tells of the time that goes by: counts, and the host's functions or a list. */
#ifndef CPU_TIMING_INORDER_TOLD_H
#define CPU_TIMING_INORDER_TOLD_H

#include "cpu/timing/model.h"

#define INORDER_TOLD_MAX 512

struct inorder_told {
	struct timing_tally *tally;
	const struct timing_host *host; /* NULL: it goes to the list */
	/* Below, who or what; above, cycles. */
	u32 list[INORDER_TOLD_MAX];
	unsigned count;
	bool overflown;
};

#define INORDER_TOLD_LEFT 0xff /* a record left in the cycle, from when the list begins */
#define INORDER_TOLD_SHIFT 8

/* Cycles that went by. */
void inorder_spend(struct inorder_told *told, enum timing_cause cause, u64 cycles);

/* For the list. */
void inorder_told_note(struct inorder_told *told, unsigned what, u64 cycles);

#endif
