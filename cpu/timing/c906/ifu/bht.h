/* SPDX-License-Identifier: MIT */
/* C906's branch predictor (aq_ifu_bht.v): its predictions and its changes. */
#ifndef CPU_TIMING_C906_IFU_BHT_H
#define CPU_TIMING_C906_IFU_BHT_H

#include "cpu/timing/c906/predict.h"

#define C906_BHT_HISTORY 0x3fffu /* outcomes of 14 branches */
#define C906_BHT_ROW(history) ((history) >> 4 & (C906_BHT_ROWS - 1))
#define C906_BHT_COLUMN(history) ((history) & 7) /* bit 3 is not used */
#define C906_BHT_COUNTER 3u /* the bits of the counter in the number that a branch keeps */
#define C906_BHT_UPPER 8 /* shift of the counters' upper bits */

static inline u16 c906_bht_selected(const struct c906_bht *bht)
{
	return bht->use_saved ? bht->saved : bht->output;
}

static inline u8 c906_bht_counter(u16 row, u32 column)
{
	return (u8)((row >> (C906_BHT_UPPER + column) & 1) << 1 | (row >> column & 1));
}

static inline u8 c906_bht_guess(const struct c906_bht *bht)
{
	return c906_bht_counter(bht->current, C906_BHT_COLUMN(bht->guessed));
}

/* Returns the counter of the branch after one that is not taken, which is used a cycle later. */
static inline u8 c906_bht_guess_second(const struct c906_bht *bht)
{
	return c906_bht_counter(c906_bht_selected(bht), C906_BHT_COLUMN(bht->guessed << 1));
}

static inline u32 c906_bht_add(u32 history, bool taken)
{
	return (history << 1 | taken) & C906_BHT_HISTORY;
}

static inline bool c906_bht_takes(u8 counter)
{
	return counter >= 2;
}

/*
 * Performs changes (predict.h), one after the other, and returns the counter of the next branch
 * after them. `rows` is the table; `counters` has those of the branches that are resolved, two bits
 * each.
 */
u8 c906_bht_change(struct c906_bht *bht, u16 *rows, u64 changes, u64 counters);

#endif
