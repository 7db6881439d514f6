/* SPDX-License-Identifier: MIT */
/*
 * Predictors of a front end: a table of two-bit counters for branches, a table of targets for
 * indirect jumps, and a stack of return addresses. They have no tags, so addresses that share an
 * entry disturb each other.
 */
#ifndef CPU_TIMING_UNITS_PREDICTOR_H
#define CPU_TIMING_UNITS_PREDICTOR_H

#include "bus/base.h"

#define BHT_MAX 4096
#define BTB_MAX 1024
#define RAS_MAX 32
#define BHT_COUNTER_TAKEN 3 /* and above */
#define BHT_COUNTER_MAX 4

#define UNITS "cpu/timing/units/state/predictor.def"
#include "cpu/timing/fields/structs.inc"

enum bht_guess { BHT_UNKNOWN, BHT_NOT_TAKEN, BHT_TAKEN };

static inline unsigned bht_entry(const struct bht *bht, u64 pc)
{
	return (unsigned)(pc >> 1) & (bht->entries - 1);
}

static inline enum bht_guess bht_guess_at(const struct bht *bht, unsigned entry)
{
	unsigned counter = bht->counter[entry];

	if (counter >= BHT_COUNTER_TAKEN)
		return BHT_TAKEN;
	return counter ? BHT_NOT_TAKEN : BHT_UNKNOWN;
}

static inline enum bht_guess bht_guess(const struct bht *bht, u64 pc)
{
	return bht_guess_at(bht, bht_entry(bht, pc));
}

/*
 * How far a counter moves: by one step, or all the way like a one-bit counter. An unknown one
 * counts as 1.
 */
enum bht_step { BHT_STEP, BHT_ALL };
static inline void bht_learn_at(struct bht *bht, unsigned entry, bool taken, enum bht_step step)
{
	static const u8 next[][2][8] = {
		[BHT_STEP] = { { 1, 1, 1, 2, 3 }, { 2, 2, 3, 4, 4 } },
		[BHT_ALL] = { { 1, 1, 1, 1, 1 }, { 4, 4, 4, 4, 4 } },
	};
	u8 *counter = &bht->counter[entry];

	*counter = next[step][taken][*counter];
}

static inline void bht_learn(struct bht *bht, u64 pc, bool taken)
{
	bht_learn_at(bht, bht_entry(bht, pc), taken, BHT_STEP);
}

/* Returns whether the target is known, and sets *target. */
static inline bool btb_guess(const struct btb *btb, u64 pc, u64 *target)
{
	unsigned entry = (unsigned)(pc >> 1) & (btb->entries - 1);

	*target = btb->target[entry];
	return btb->valid[entry];
}

static inline void btb_learn(struct btb *btb, u64 pc, u64 target)
{
	unsigned entry = (unsigned)(pc >> 1) & (btb->entries - 1);

	btb->valid[entry] = true;
	btb->target[entry] = target;
}

/* Returns the latest address with bit 0 set, or 0 if there is none. */
static inline u64 ras_top(const struct ras *ras)
{
	return ras->count ? ras->address[ras->top] | 1 : 0;
}

static inline void ras_push(struct ras *ras, u64 address)
{
	ras->top = ras->top + 1 < ras->depth ? ras->top + 1 : 0;
	ras->count = MIN(ras->count + 1, ras->depth);
	ras->address[ras->top] = address;
}

static inline void ras_pop(struct ras *ras)
{
	if (!ras->count)
		return;
	ras->count--;
	ras->top = (ras->top ? ras->top : ras->depth) - 1;
}

/* Pops and pushes at once: the latest address is replaced. */
static inline void ras_swap(struct ras *ras, u64 address)
{
	ras->count = MAX(ras->count, 1);
	ras->address[ras->top] = address;
}

/* Copy as many entries as both have. */
void bht_copy(struct bht *to, const struct bht *from);
void btb_copy(struct btb *to, const struct btb *from);

#endif
