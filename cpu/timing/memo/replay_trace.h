/* SPDX-License-Identifier: MIT */
/*
 * Replays one trace, for the files that implement replay.h. replay.c keeps the core's state and
 * moves it from one to the next, replay_records.c divides records into traces, replay_grow.c steps
 * a trace and records it in the memo, replay_along.h replays runs that were recorded before, and
 * replay_runs.c handles new ones.
 */
#ifndef CPU_TIMING_MEMO_REPLAY_TRACE_H
#define CPU_TIMING_MEMO_REPLAY_TRACE_H

#include "cpu/timing/memo/replay.h"

#include <string.h>

#define REPLAY_RUN_MAX 64 /* the most records of a run that is one trace */
#define REPLAY_RECORDS_MAX MAX(REPLAY_RUN_MAX, MEMO_TRACE_MAX + TIMING_SHADOWS_MAX)

static inline bool replay_touches_memory(const struct timing_record *record)
{
	return (record->flags & (TIMING_LOAD | TIMING_STORE)) != 0;
}

/* Finds the state of the memo that the core is in, if there is one. */
void replay_enter(struct replay *replay);

/* Sets the core's registers to its state in the memo, with tokens for addresses. */
void replay_restore(struct replay *replay);

/* Moves to the state after an outcome, and numbers the places of addresses as that state does. */
static ALWAYS_INLINE void replay_arrive(struct replay *replay, struct memo_outcome *outcome)
{
	struct actions *actions = &replay->actions;
	const u64 *from = actions->place;
	u64 *to = actions->places_of[from == actions->places_of[0]];

	for (unsigned n = 0; n < outcome->places; n++)
		to[n] = from[outcome->place[n]];
	actions->place = to;
	actions->places = outcome->places;
	replay->at = outcome->node;
	replay->outcome = outcome;
	replay->synchronized = false;
}

/*
 * replay_report reports an outcome to the host. replay_count_through counts its events up to each
 * change of mode.
 */
void replay_report(struct replay *replay, struct memo_outcome *outcome);
void replay_count_through(struct replay *replay, const struct memo_outcome *outcome);

/* Applies the outcome of a trace of `records` records. */
static ALWAYS_INLINE void replay_apply(struct replay *replay, struct memo_outcome *outcome,
				       unsigned records)
{
	const struct timing_host *host = replay->actions.host;
	struct replay_progress *now = &replay->now;

	if (likely(outcome->records && host->listens && !*host->listens))
		replay->unreported = outcome;
	else
		replay_report(replay, outcome);
	if (unlikely(outcome->enters)) {
		replay_count_through(replay, outcome);
	} else if (!outcome->replays++) {
		outcome->touched = replay->touched;
		replay->touched = outcome;
	}
	if (outcome->records) {
		now->retired += outcome->records;
		now->last = now->cycle + outcome->last;
		replay->tally->count[TIMING_CYCLES] = now->last;
	}
	now->end += records;
	now->cycle += outcome->cycles;
	replay_arrive(replay, outcome);
	replay->memo.stats.followed++;
	replay->memo.stats.records += records;
}

/* Drops everything in the memo; the core's registers must be up to date. */
void replay_drop(struct replay *replay);

/*
 * Returns the two operands of a record that have places: va and pa of a memory operand, or values
 * that only actions use. NULL: none.
 */
static inline const u64 *replay_placed(const struct replay *replay,
				       const struct timing_record *record)
{
	if (replay_touches_memory(record))
		return &record->va; /* and pa */
	if (replay->kind->passes && replay->kind->passes(record->op, record->raw))
		return &record->a; /* and b */
	return NULL;
}

/* Sets the n-th pair of places after those in use. */
static inline void replay_place(struct replay *replay, unsigned n, const u64 *values)
{
	memcpy(&replay->actions.place[replay->actions.places + 2 * n], values, 2 * sizeof(*values));
}

/*
 * Steps a trace and records it; some of its results may be known, and its operands are in their
 * places. If `trace` is NULL, the memo has no space, and the trace is only stepped.
 */
void replay_record_trace(struct replay *replay, struct memo_trace *trace,
			 const struct timing_record *records, unsigned count);

/*
 * Replays a trace whose operands are in their places. Returns false if the chain of its results is
 * not known.
 */
static inline bool replay_follow(struct replay *replay, const struct memo_trace *trace)
{
	struct memo_outcome *outcome;

	replay->actions.log.known_count = 0;
	if (!trace || !trace->first)
		return false;
	outcome = replay->kind->follow(replay, trace);
	if (outcome)
		replay_apply(replay, outcome, trace->count);
	return outcome;
}

#endif
