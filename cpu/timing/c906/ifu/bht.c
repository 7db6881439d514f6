/* SPDX-License-Identifier: MIT */
/* C906's branch predictor. See ifu.h, and bht.h. */
#include "cpu/timing/c906/actions.h"
#include "cpu/timing/c906/ifu/bht.h"
#include "cpu/timing/c906/ifu/ifu.h"

/* The bits of a change that count the cycles before it in which nothing happened. */
#define RESTS (BIT(C906_BHT_EVENTS) - 1)

/* Returns the counter after a branch: up or down by one. */
static u8 c906_bht_learned(u8 guess, bool taken)
{
	if (taken)
		return guess < 3 ? guess + 1 : 3;
	return guess ? guess - 1 : 0;
}

static void write_counter(struct c906_bht *bht, u16 *rows)
{
	u32 column = C906_BHT_COLUMN(bht->update_history);
	u16 *row = &rows[C906_BHT_ROW(bht->update_history)];

	*row &= (u16) ~(1u << column | 1u << (column + C906_BHT_UPPER));
	*row |= (u16)((bht->update_value & 1u) << column | (bht->update_value >> 1 & 1u)
								   << (column + C906_BHT_UPPER));
	/* The RAM outputs what it has written. Its previous output is kept. */
	bht->saved = bht->output;
	bht->use_saved = true;
	bht->output = *row;
}

static void access_ram(struct c906_bht *bht, u16 *rows, unsigned state, bool predicts)
{
	u16 row = c906_bht_selected(bht);

	if (state >= C906_BHT_WRITE_MISPREDICTED && !predicts) {
		write_counter(bht, rows);
		return;
	}
	if (state == C906_BHT_READ1)
		bht->output = rows[C906_BHT_ROW(bht->history)];
	else if (state == C906_BHT_READ2)
		bht->output = rows[C906_BHT_ROW(bht->history << 1)];
	else if (predicts)
		bht->output = rows[C906_BHT_ROW(bht->guessed << 2)];
	if (predicts)
		bht->use_saved = false;
	if (predicts || state == C906_BHT_READ2)
		bht->current = row;
}

static u8 c906_bht_next_state(u8 state, bool predicts, bool mispredicts, bool learns)
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

/*
 * Does what happens at most branches. Rows are read two branches ahead, each by the history at that
 * time.
 */
static ALWAYS_INLINE void c906_bht_predict(struct c906_bht *bht, const u16 *rows)
{
	bool taken = bht->current >> (C906_BHT_UPPER + C906_BHT_COLUMN(bht->guessed)) & 1;

	bht->current = c906_bht_selected(bht);
	bht->output = rows[C906_BHT_ROW(bht->guessed << 2)];
	bht->use_saved = false;
	bht->guessed = c906_bht_add(bht->guessed, taken);
}

/* Performs the events of a cycle in which the predictor is idle and remains so. */
static ALWAYS_INLINE void c906_bht_happen(struct c906_bht *bht, const u16 *rows, unsigned events)
{
	if (events & C906_BHT_PREDICTS)
		c906_bht_predict(bht, rows);
	if (events & C906_BHT_RESOLVES)
		bht->history = c906_bht_add(bht->history, events & C906_BHT_TAKEN);
}

static ALWAYS_INLINE unsigned first_change(u64 changes)
{
	return changes & (BIT(C906_BHT_CHANGE_BITS) - 1);
}

/*
 * Performs the events of any other cycle: counters are written, or rows are read after a
 * misprediction.
 */
static void change_state(struct c906_bht *bht, u16 *rows, unsigned events, u8 counter)
{
	bool predicts = events & C906_BHT_PREDICTS, mispredicted = events & C906_BHT_MISPREDICTED;
	bool resolves = events & C906_BHT_RESOLVES, taken = events & C906_BHT_TAKEN;
	u8 state = bht->state, value = c906_bht_learned(counter, taken);
	bool learning = resolves && value != counter;
	u32 history = c906_bht_add(bht->history, taken);
	bool guessed = predicts && c906_bht_takes(c906_bht_guess(bht));

	access_ram(bht, rows, state, predicts);
	if (mispredicted || (state == C906_BHT_IDLE && learning)) {
		bht->update_history = bht->history;
		bht->update_value = value;
	}
	if (mispredicted)
		bht->guessed = history;
	else if (predicts)
		bht->guessed = c906_bht_add(bht->guessed, guessed);
	if (resolves)
		bht->history = history;
	bht->state = c906_bht_next_state(state, predicts, mispredicted, learning);
}

static NOINLINE u8 change_states(struct c906_bht *bht, u16 *rows, u64 changes, u64 counters)
{
	for (; changes; changes >>= C906_BHT_CHANGE_BITS) {
		unsigned change = first_change(changes), events = change >> C906_BHT_EVENTS;

		for (unsigned n = change & RESTS; n && bht->state != C906_BHT_IDLE; n--)
			change_state(bht, rows, 0, 0);
		if (events)
			change_state(bht, rows, events, counters & C906_BHT_COUNTER);
		if (events & C906_BHT_RESOLVES)
			counters >>= 2;
	}
	return c906_bht_guess(bht);
}

/* Returns whether a branch changes its counter. */
static ALWAYS_INLINE bool c906_bht_learns(u64 counters, unsigned events)
{
	unsigned sure = events & C906_BHT_TAKEN ? C906_BHT_COUNTER : 0;

	return events & C906_BHT_RESOLVES && (counters & C906_BHT_COUNTER) != sure;
}

/*
 * Performs changes. Mostly the predictor is idle and remains so; then no function is called, which
 * would have to save registers.
 */
u8 c906_bht_change(struct c906_bht *bht, u16 *rows, u64 changes, u64 counters)
{
	for (; changes; changes >>= C906_BHT_CHANGE_BITS) {
		unsigned events = first_change(changes) >> C906_BHT_EVENTS;

		if (unlikely(bht->state != C906_BHT_IDLE || c906_bht_learns(counters, events)))
			return change_states(bht, rows, changes, counters);
		c906_bht_happen(bht, rows, events);
		if (events & C906_BHT_RESOLVES)
			counters >>= 2;
	}
	return c906_bht_guess(bht);
}

/*
 * Steps the predictor. The pipeline does not know the counters, and so not which of them change;
 * but it knows how long a change takes at most.
 */
void c906_bht_step(struct c906_ifu *ifu, const struct c906_env *env, bool predicts,
		   const struct c906_resolved *resolved)
{
	unsigned events = (predicts ? C906_BHT_PREDICTS : 0) |
			  (resolved->branch ? C906_BHT_RESOLVES : 0) |
			  (resolved->taken ? C906_BHT_TAKEN : 0) |
			  (resolved->mispredict ? C906_BHT_MISPREDICTED : 0);

	if (events || ifu->bht_works)
		c906_action_bht_change(env, events, resolved->counter);
	if (resolved->branch)
		ifu->bht_works = C906_BHT_RESTS;
	else if (ifu->bht_works && !predicts)
		ifu->bht_works--;
}
