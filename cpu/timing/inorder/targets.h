/* SPDX-License-Identifier: MIT */
/*
 * Where jumps go: a table without tags, or a fully associative one that replaces what was used
 * least recently.
 */
#ifndef CPU_TIMING_INORDER_TARGETS_H
#define CPU_TIMING_INORDER_TARGETS_H

#include "cpu/timing/predictor.h"

#define INORDER_TARGETS_LIKELY 64
struct inorder_targets {
	bool tagged;
	struct btb table; /* without tags */
	unsigned entries;
	u64 pc[BTB_MAX]; /* with tags; odd: none */
	u64 target[BTB_MAX];
	u64 used[BTB_MAX]; /* when, in lookups that hit */
	u64 lookups;
	u16 likely[INORDER_TARGETS_LIKELY]; /* by pc: the entry where it was found last */
};

/* It knows nothing. */
void inorder_targets_reset(struct inorder_targets *targets, unsigned entries, bool tagged);

/* False: nothing is known. */
bool inorder_targets_guess(struct inorder_targets *targets, u64 pc, u64 *target);
void inorder_targets_learn(struct inorder_targets *targets, u64 pc, u64 target);

#endif
