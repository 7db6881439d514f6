/* SPDX-License-Identifier: MIT */
/*
 * Replaying one trace, for the files that implement replay.h: replay.c has the state that the core
 * is in and goes from one to the next, replay_records.c cuts records into traces, replay_grow.c
 * steps a trace and records it in the memo, replay_along.h follows runs that have been met before,
 * and replay_runs.c those that have not.
 */
#ifndef CPU_TIMING_MEMO_REPLAY_TRACE_H
#define CPU_TIMING_MEMO_REPLAY_TRACE_H

#include "cpu/timing/memo/replay.h"

#include <string.h>

#define REPLAY_RUN_MAX 64 /* records of a run that is a trace as a whole */
#define REPLAY_RECORDS_MAX MAX(REPLAY_RUN_MAX, MEMO_TRACE_MAX + TIMING_SHADOWS_MAX)

static inline bool replay_touches_memory(const struct timing_record *record)
{
	return (record->flags & (TIMING_LOAD | TIMING_STORE)) != 0;
}

/* Find out which state of the memo the core is in, if any. */
void replay_enter(struct replay *replay);

/* Set the core's registers to the state where it is, with tokens for addresses. */
void replay_restore(struct replay *replay);

/* Go to the state behind an outcome: the places of addresses are numbered as there. */
static ALWAYS_INLINE void replay_arrive(struct replay *replay, struct memo_outcome *outcome)
{
	struct actions *actions = &replay->actions;
	const u64 *from = actions->place;
	u64 *to = actions->places_of[from == actions->places_of[0]];

	for (unsigned n = 0; n < outcome->moves; n++)
		to[n] = from[outcome->move[n]];
	actions->place = to;
	actions->places = outcome->moves;
	replay->at = outcome->node;
	replay->outcome = outcome;
	replay->synchronized = false;
}

/*
 * Report an outcome to the host; the second function counts events up to each change of mode in it.
 */
void replay_tell(struct replay *replay, struct memo_outcome *outcome);
void replay_count_through(struct replay *replay, const struct memo_outcome *outcome);

/* Apply the outcome of a trace of so many records. */
static ALWAYS_INLINE void replay_apply(struct replay *replay, struct memo_outcome *outcome,
				       unsigned records)
{
	const struct timing_host *host = replay->actions.host;
	struct replay_progress *now = &replay->now;

	if (likely(outcome->left && host->listens && !*host->listens))
		replay->departed = outcome;
	else
		replay_tell(replay, outcome);
	if (unlikely(outcome->enters)) {
		replay_count_through(replay, outcome);
	} else if (!outcome->taken++) {
		outcome->touched = replay->touched;
		replay->touched = outcome;
	}
	if (outcome->left) {
		now->left += outcome->left;
		now->last = now->cycle + outcome->last;
		replay->tally->count[TIMING_CYCLES] = now->last;
	}
	now->end += records;
	now->cycle += outcome->cycles;
	replay_arrive(replay, outcome);
	replay->memo.stats.followed++;
	replay->memo.stats.records += records;
}

/* Drop all that the memo has; the core's registers are up to date. */
void replay_drop(struct replay *replay);

/*
 * Returns the two operands of a record that have places: the addresses of a memory operand, or
 * values that only actions use. NULL: it has none.
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

/* Set the n-th pair of places behind those in use. */
static inline void replay_place(struct replay *replay, unsigned n, const u64 *values)
{
	memcpy(&replay->actions.place[replay->actions.places + 2 * n], values, 2 * sizeof(*values));
}

/*
 * Step a trace, some results of which may be known, and record it. Its operands have their places.
 * If `trace` is NULL, the memo has no space for it, and it is only stepped.
 */
void replay_write_down(struct replay *replay, struct memo_trace *trace,
		       const struct timing_record *records, unsigned count);

/*
 * Replay a trace whose operands have their places. Return false if the chain of its results is not
 * known.
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
