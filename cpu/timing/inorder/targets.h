/* SPDX-License-Identifier: MIT */
/* A branch target buffer: a table without tags, or a fully associative one with LRU. */
#ifndef CPU_TIMING_INORDER_TARGETS_H
#define CPU_TIMING_INORDER_TARGETS_H

#include "cpu/timing/units/predictor.h"

#define INORDER_TARGETS_LISTS 128
#define UNITS "cpu/timing/inorder/state/targets.def"
#include "cpu/timing/fields/structs.inc"

/* Empty it. */
void inorder_targets_reset(struct inorder_targets *targets, unsigned entries, bool tagged);

/* Brings the lists up to date, after entries were loaded. */
void inorder_targets_loaded(struct inorder_targets *targets);

static inline u16 *inorder_targets_list(struct inorder_targets *targets, u64 pc)
{
	return &targets->first[(pc >> 1) % INORDER_TARGETS_LISTS];
}

/* Returns the entry of pc in a table with tags, from 1; or 0. */
static ALWAYS_INLINE unsigned inorder_targets_find(struct inorder_targets *targets, u64 pc)
{
	unsigned n = *inorder_targets_list(targets, pc);

	while (n && unlikely(targets->pc[n - 1] != pc))
		n = targets->next[n - 1];
	return n;
}

/* Returns whether a target is known. */
static ALWAYS_INLINE bool inorder_targets_guess(struct inorder_targets *targets, u64 pc,
						u64 *target)
{
	unsigned n;

	if (!targets->tagged)
		return btb_guess(&targets->table, pc, target);
	n = inorder_targets_find(targets, pc);
	if (!n)
		return false;
	targets->used[n - 1] = ++targets->lookups;
	*target = targets->target[n - 1];
	return true;
}

/* Learn a target if the table has no tags, or no entry of pc. */
void inorder_targets_learn_new(struct inorder_targets *targets, u64 pc, u64 target);

static ALWAYS_INLINE void inorder_targets_learn(struct inorder_targets *targets, u64 pc, u64 target)
{
	unsigned n = targets->tagged ? inorder_targets_find(targets, pc) : 0;

	if (unlikely(!n)) {
		inorder_targets_learn_new(targets, pc, target);
		return;
	}
	targets->target[n - 1] = target;
	targets->used[n - 1] = ++targets->lookups;
}

#endif
