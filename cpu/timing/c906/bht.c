/* SPDX-License-Identifier: MIT */
/* C906's branch predictor. See ifu.h. */
#include "cpu/timing/c906/ifu.h"

#define HISTORY 0x3fff /* 14 branches */
#define ROW(history) ((history) >> 4 & (C906_BHT_ROWS - 1))
#define COLUMN(history) ((history) & 7) /* bit 3 is not used */
#define UPPER 8 /* shift of the counters' upper bits */

static u16 selected(const struct c906_bht *bht)
{
	return bht->use_saved ? bht->saved : bht->output;
}

static u8 counter(u16 row, u32 column)
{
	return (u8)((row >> (UPPER + column) & 1) << 1 | (row >> column & 1));
}

u8 c906_bht_guess(const struct c906_bht *bht)
{
	return counter(bht->current, COLUMN(bht->guessed));
}

bool c906_bht_guess_second(const struct c906_bht *bht)
{
	return counter(selected(bht), COLUMN(bht->guessed << 1)) >= 2;
}

/* The counter after a branch: up or down by one. */
static u8 learned(u8 guess, bool taken)
{
	if (taken)
		return guess < 3 ? guess + 1 : 3;
	return guess ? guess - 1 : 0;
}

static void write_counter(struct c906_bht *bht, u16 *rows)
{
	u32 column = COLUMN(bht->update_history);
	u16 *row = &rows[ROW(bht->update_history)];

	*row &= (u16)~(1u << column | 1u << (column + UPPER));
	*row |= (u16)((bht->update_value & 1u) << column |
		      (bht->update_value >> 1 & 1u) << (column + UPPER));
	/* The RAM shows what it has written; what it showed is kept. */
	bht->saved = bht->output;
	bht->use_saved = true;
	bht->output = *row;
}

/* Rows are read two branches ahead: each access is of the history at its end. */
static void access_ram(struct c906_bht *bht, u16 *rows, bool predicts)
{
	bool writes = bht->state >= C906_BHT_WRITE_MISPREDICTED && !predicts;
	u16 row = selected(bht);

	if (writes) {
		write_counter(bht, rows);
	} else {
		if (bht->state == C906_BHT_READ1)
			bht->output = rows[ROW(bht->history)];
		else if (bht->state == C906_BHT_READ2)
			bht->output = rows[ROW(bht->history << 1)];
		else if (predicts)
			bht->output = rows[ROW(bht->guessed << 2)];
		if (predicts)
			bht->use_saved = false;
	}
	if (predicts || bht->state == C906_BHT_READ2)
		bht->current = row;
}

static u8 next_state(const struct c906_bht *bht, bool predicts, bool mispredicts, bool learns)
{
	switch (bht->state) {
	case C906_BHT_IDLE:
		if (mispredicts)
			return C906_BHT_READ1;
		return learns ? C906_BHT_WRITE : C906_BHT_IDLE;
	case C906_BHT_READ1:
		return C906_BHT_READ2;
	case C906_BHT_READ2:
		return C906_BHT_WRITE_MISPREDICTED;
	default:
		return predicts ? bht->state : C906_BHT_IDLE;
	}
}

void c906_bht_step(struct c906_bht *bht, u16 *rows, bool predicts,
		   const struct c906_resolved *resolved)
{
	u8 value = learned(resolved->guess, resolved->taken);
	bool learns = resolved->branch && value != resolved->guess;
	bool idle = bht->state == C906_BHT_IDLE;
	u32 history = bht->history << 1 | resolved->taken;
	bool taken = c906_bht_guess(bht) >= 2;
	u8 next = next_state(bht, predicts, resolved->mispredict, learns);

	access_ram(bht, rows, predicts);
	if (resolved->mispredict || (idle && learns)) {
		bht->update_history = bht->history;
		bht->update_value = value;
	}
	bht->state = next;
	if (resolved->mispredict)
		bht->guessed = history & HISTORY;
	else if (predicts)
		bht->guessed = (bht->guessed << 1 | taken) & HISTORY;
	if (resolved->branch)
		bht->history = history & HISTORY;
}
