/* SPDX-License-Identifier: MIT */
/*
 * Where jumps go: a table without tags, or a fully associative one that replaces what was used
 * least recently.
 */
#ifndef CPU_TIMING_INORDER_TARGETS_H
#define CPU_TIMING_INORDER_TARGETS_H

#include "cpu/timing/predictor.h"

#define INORDER_TARGETS_LISTS 128
struct inorder_targets {
	bool tagged;
	struct btb table; /* without tags */
	unsigned entries;
	u64 pc[BTB_MAX]; /* with tags; odd: none */
	u64 target[BTB_MAX];
	u64 used[BTB_MAX]; /* when, in lookups that hit */
	u64 lookups;
	/* Where to look: entries, from 1, in lists by a hash of their pc; 0 ends them. */
	u16 first[INORDER_TARGETS_LISTS], next[BTB_MAX];
};

/* It knows nothing. */
void inorder_targets_reset(struct inorder_targets *targets, unsigned entries, bool tagged);

/* Its entries are others: find out where to look. */
void inorder_targets_loaded(struct inorder_targets *targets);

/* False: nothing is known. */
bool inorder_targets_guess(struct inorder_targets *targets, u64 pc, u64 *target);
void inorder_targets_learn(struct inorder_targets *targets, u64 pc, u64 target);

#endif
