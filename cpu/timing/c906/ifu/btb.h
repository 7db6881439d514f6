/* SPDX-License-Identifier: MIT */
/* Lookups of C906's branch target buffer, which are done for every word fetched. See btb.c. */
#ifndef CPU_TIMING_C906_IFU_BTB_H
#define CPU_TIMING_C906_IFU_BTB_H

#include "cpu/timing/c906/lanes.h"
#include "cpu/timing/c906/predict.h"

#define C906_BTB_HIT 1u /* set in a target, which is even */
#define C906_BTB_HITS (UINT64_MAX / UINT16_MAX) /* this bit in each of four targets */

/* Returns the shift of a word's target in those of the words around it. */
static ALWAYS_INLINE unsigned c906_btb_shift(u64 pc)
{
	return (unsigned)(pc % C906_BTB_AROUND / 4 * 16);
}

/*
 * Returns a bit for each entry whose tag equals that of pc under a mask; all are compared at once.
 */
static ALWAYS_INLINE unsigned c906_btb_hits(const struct c906_btb *btb, u64 pc, u16 mask)
{
	_Static_assert(C906_BTB_MAX == C906_LANES, "as many as are compared");
	return c906_lanes_equal(btb->tags, mask, (u16)pc) & btb->valid;
}

/* Returns the entry for a word, or -1. */
static ALWAYS_INLINE int c906_btb_find(const struct c906_btb *btb, u64 pc)
{
	unsigned hits = c906_btb_hits(btb, pc, UINT16_MAX);

	return hits ? __builtin_ctz(hits) : -1;
}

/* Returns the target for a word: c906_action_btb. */
static inline u16 c906_btb_target(const struct c906_btb *btb, u64 pc)
{
	int entry = c906_btb_find(btb, pc);

	return entry < 0 ? 0 : (u16)(btb->targets[entry] | C906_BTB_HIT);
}

static inline u16 c906_btb_number(u64 pc)
{
	return (u16)((u16)pc / C906_BTB_AROUND + 1);
}

static inline struct c906_btb_around *c906_btb_slot(struct c906_btb *btb, u64 pc)
{
	return &btb->around[pc / C906_BTB_AROUND % C906_BTB_AROUNDS];
}

/*
 * These are in btb.c. c906_btb_look_around looks up the targets around pc; c906_btb_renew forgets
 * all targets that were looked up.
 */
void c906_btb_look_around(struct c906_btb *btb, u64 pc);
void c906_btb_renew(struct c906_btb *btb); /* after entries were loaded */

/*
 * Returns the target of the first word that has one, from that of pc on up to a boundary: 16 bits,
 * in the word's place (c906_action_btb). Fetch seldom gets to the words after it.
 */
static ALWAYS_INLINE u64 c906_btb_ahead(struct c906_btb *btb, u64 pc)
{
	const struct c906_btb_around *around = c906_btb_slot(btb, pc);
	u64 targets, hit;

	if (unlikely(around->number != c906_btb_number(pc)))
		c906_btb_look_around(btb, pc);
	targets = around->targets >> c906_btb_shift(pc);
	hit = targets & C906_BTB_HITS;
	return targets & (hit & -hit) * UINT16_MAX;
}

#endif
