/* SPDX-License-Identifier: MIT */
/*
 * C906's branch predictor (aq_ifu_bht.v): what most branches do to it. Where counters are written,
 * or read again behind a misprediction, see bht.c.
 */
#ifndef CPU_TIMING_C906_BHT_H
#define CPU_TIMING_C906_BHT_H

#include "cpu/timing/c906/predict.h"

#define C906_BHT_HISTORY 0x3fffu /* 14 branches */
#define C906_BHT_ROW(history) ((history) >> 4 & (C906_BHT_ROWS - 1))
#define C906_BHT_COLUMN(history) ((history) & 7) /* bit 3 is not used */
#define C906_BHT_UPPER 8 /* shift of the counters' upper bits */

/* What a change has that is not done here (c906_bht_change_state): a state, or one that begins. */
#define C906_BHT_BEGINS ((C906_BHT_MISPREDICTED | C906_BHT_LEARNS) << C906_BHT_EVENTS)
#define C906_BHT_STATES (BIT(C906_BHT_EVENTS) - 1)

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

/* And of the branch behind one that is not taken: a cycle later. */
static inline u8 c906_bht_guess_second(const struct c906_bht *bht)
{
	return c906_bht_counter(c906_bht_selected(bht), C906_BHT_COLUMN(bht->guessed << 1));
}

static inline u32 c906_bht_add(u32 history, bool taken)
{
	return (history << 1 | taken) & C906_BHT_HISTORY;
}

/* Rows are read two branches ahead: each access is of the history at its end. */
static ALWAYS_INLINE void c906_bht_predict(struct c906_bht *bht, const u16 *rows)
{
	bool taken = bht->current >> (C906_BHT_UPPER + C906_BHT_COLUMN(bht->guessed)) & 1;

	bht->current = c906_bht_selected(bht);
	bht->output = rows[C906_BHT_ROW(bht->guessed << 2)];
	bht->use_saved = false;
	bht->guessed = c906_bht_add(bht->guessed, taken);
}

/* bht.c */
void c906_bht_change_state(struct c906_bht *bht, u16 *rows, unsigned change);

/* Changes (predict.h), one after the other; rows: the table. */
static ALWAYS_INLINE void c906_bht_change(struct c906_bht *bht, u16 *rows, u64 changes,
					  unsigned count)
{
	for (; count; count--, changes >>= C906_BHT_CHANGE_BITS) {
		unsigned change = changes & (BIT(C906_BHT_CHANGE_BITS) - 1);
		unsigned events = change >> C906_BHT_EVENTS;

		if (change & (C906_BHT_BEGINS | C906_BHT_STATES)) {
			c906_bht_change_state(bht, rows, change);
			continue;
		}
		if (events & C906_BHT_PREDICTS)
			c906_bht_predict(bht, rows);
		if (events & C906_BHT_RESOLVES)
			bht->history = c906_bht_add(bht->history, events & C906_BHT_TAKEN);
	}
}

#endif
