/* SPDX-License-Identifier: MIT */
/* A branch target buffer: a table without tags, or a fully associative one with LRU. */
#ifndef CPU_TIMING_INORDER_BTB_H
#define CPU_TIMING_INORDER_BTB_H

#include "cpu/timing/units/predictor.h"

#define INORDER_BTB_LISTS 128
#define UNITS "cpu/timing/inorder/state/btb.def"
#include "cpu/timing/fields/structs.inc"

/* Empties the table. */
void inorder_btb_reset(struct inorder_btb *btb, unsigned entries, bool tagged);

/* Brings the lists up to date, after entries were loaded. */
void inorder_btb_loaded(struct inorder_btb *btb);

static inline u16 *inorder_btb_list(struct inorder_btb *btb, u64 pc)
{
	return &btb->first[(pc >> 1) % INORDER_BTB_LISTS];
}

/* Returns the entry of pc in a table with tags, from 1; or 0. */
static ALWAYS_INLINE unsigned inorder_btb_find(struct inorder_btb *btb, u64 pc)
{
	unsigned n = *inorder_btb_list(btb, pc);

	while (n && unlikely(btb->pc[n - 1] != pc))
		n = btb->next[n - 1];
	return n;
}

/* Returns whether a target is known. */
static ALWAYS_INLINE bool inorder_btb_guess(struct inorder_btb *btb, u64 pc, u64 *target)
{
	unsigned n;

	if (!btb->tagged)
		return btb_guess(&btb->table, pc, target);
	n = inorder_btb_find(btb, pc);
	if (!n)
		return false;
	btb->used[n - 1] = ++btb->lookups;
	*target = btb->target[n - 1];
	return true;
}

/* Learns a target if the table has no tags, or no entry of pc. */
void inorder_btb_learn_new(struct inorder_btb *btb, u64 pc, u64 target);

static ALWAYS_INLINE void inorder_btb_learn(struct inorder_btb *btb, u64 pc, u64 target)
{
	unsigned n = btb->tagged ? inorder_btb_find(btb, pc) : 0;

	if (unlikely(!n)) {
		inorder_btb_learn_new(btb, pc, target);
		return;
	}
	btb->target[n - 1] = target;
	btb->used[n - 1] = ++btb->lookups;
}

#endif
