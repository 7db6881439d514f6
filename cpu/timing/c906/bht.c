/* SPDX-License-Identifier: MIT */
/* C906's branch predictor. See ifu.h. */
#include "cpu/timing/c906/asked.h"
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

u8 c906_bht_guess_second(const struct c906_bht *bht)
{
	return counter(selected(bht), COLUMN(bht->guessed << 1));
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
static ALWAYS_INLINE void access_ram(struct c906_bht *bht, u16 *rows, unsigned state, bool predicts)
{
	bool writes = state >= C906_BHT_WRITE_MISPREDICTED && !predicts;
	u16 row = selected(bht);

	if (writes) {
		write_counter(bht, rows);
	} else {
		if (state == C906_BHT_READ1)
			bht->output = rows[ROW(bht->history)];
		else if (state == C906_BHT_READ2)
			bht->output = rows[ROW(bht->history << 1)];
		else if (predicts)
			bht->output = rows[ROW(bht->guessed << 2)];
		if (predicts)
			bht->use_saved = false;
	}
	if (predicts || state == C906_BHT_READ2)
		bht->current = row;
}

static u8 next_state(u8 state, bool predicts, bool mispredicts, bool learns)
{
	switch (state) {
	case C906_BHT_IDLE:
		if (mispredicts)
			return C906_BHT_READ1;
		return learns ? C906_BHT_WRITE : C906_BHT_IDLE;
	case C906_BHT_READ1:
		return C906_BHT_READ2;
	case C906_BHT_READ2:
		return C906_BHT_WRITE_MISPREDICTED;
	default:
		return predicts ? state : C906_BHT_IDLE;
	}
}

static ALWAYS_INLINE void change(struct c906_bht *bht, u16 *rows, unsigned state, u64 events)
{
	bool predicts = events & C906_BHT_PREDICTS, mispredicted = events & C906_BHT_MISPREDICTED;
	u32 history = (bht->history << 1 | !!(events & C906_BHT_TAKEN)) & HISTORY;
	bool learns = state == C906_BHT_IDLE && events & C906_BHT_LEARNS;
	bool taken = predicts && c906_bht_guess(bht) >= 2;

	if (predicts || state != C906_BHT_IDLE)
		access_ram(bht, rows, state, predicts);
	if (mispredicted || learns) {
		bht->update_history = bht->history;
		bht->update_value = (u8)(events >> C906_BHT_VALUE_SHIFT);
	}
	if (mispredicted)
		bht->guessed = history;
	else if (predicts)
		bht->guessed = (bht->guessed << 1 | taken) & HISTORY;
	if (events & C906_BHT_RESOLVES)
		bht->history = history;
}

void c906_bht_change(struct c906_bht *bht, u16 *rows, u64 changes, unsigned count)
{
	const unsigned events = C906_BHT_CHANGE_BITS - C906_BHT_EVENTS;

	for (; count; count--, changes >>= C906_BHT_CHANGE_BITS)
		change(bht, rows, (unsigned)bits(changes, 0, C906_BHT_EVENTS),
		       bits(changes, C906_BHT_EVENTS, events));
}

void c906_bht_step(struct c906_ifu *ifu, const struct c906_env *env, bool predicts,
		   const struct c906_resolved *resolved)
{
	u8 value = learned(resolved->guess, resolved->taken);
	bool learns = resolved->branch && value != resolved->guess;
	u64 events = (predicts ? C906_BHT_PREDICTS : 0) |
		     (resolved->branch ? C906_BHT_RESOLVES : 0) |
		     (resolved->taken ? C906_BHT_TAKEN : 0) |
		     (resolved->mispredict ? C906_BHT_MISPREDICTED : 0) |
		     (learns ? C906_BHT_LEARNS : 0);

	if (ifu->bht == C906_BHT_IDLE && !events)
		return;
	c906_ask_bht_change(env, ifu->bht, events | (u64)value << C906_BHT_VALUE_SHIFT);
	ifu->bht = next_state(ifu->bht, predicts, resolved->mispredict, learns);
}
