/* SPDX-License-Identifier: MIT */
/*
 * The actions of a model with a memo (replay.h): everything that its pipeline does outside of its
 * own state, with tables, predictors, TLBs, and relations between data addresses. While a trace is
 * recorded, the pipeline has tokens instead of such addresses; a token stands for a place in a
 * table. During that time all actions of the pipeline, and its reports to the host, pass through
 * here. The core then has a pointer to a struct actions. Otherwise the pointer is NULL, and the
 * core has the addresses themselves.
 */
#ifndef CPU_TIMING_MEMO_ACTIONS_H
#define CPU_TIMING_MEMO_ACTIONS_H

#include "cpu/timing/memo/memo_log.h"
#include "cpu/timing/memo/retired.h"
#include "cpu/timing/memo/token.h"
#include "cpu/timing/model.h"

/* Actions that every kind may perform; a kind's own are numbered from ACTION_OWN on. */
enum {
	/* the places among `b` that equal place `which` under mask `a` */
	ACTION_SAME = MEMO_END + 1,
	ACTION_SAME_ABOVE, /* the result of ACTION_SAME for places from ACTIONS_PLACES_MASKED on */
	ACTION_BITS, /* the bits of address `a` under mask `b` */
	ACTION_OWN,
};

#define ACTIONS_PLACES_MASKED 64 /* the most places that one action can compare */
/* the most places that can be compared at all */
#define ACTIONS_PLACES_RELATED (2 * ACTIONS_PLACES_MASKED)
#define ACTIONS_COUNTS_MAX (4 * TIMING_EVENTS)

struct actions {
	void *core; /* the core on which the kind's own actions work */
	const struct timing_host *host; /* the host of the core */
	struct memo_log log; /* its perform() gets this struct as ctx */
	u64 *place; /* one of the two arrays in places_of */
	u64 places_of[2][ACTIONS_PLACES];
	unsigned places; /* places in use */
	struct retired retired; /* reports to the host while recording */
	u64 begin; /* the cycle in which the recording began */
	/* The events since then (retired.h), and the counts before them. */
	u32 counts[ACTIONS_COUNTS_MAX];
	unsigned counts_count;
	bool entered; /* the mode has changed since then */
	u64 counted[TIMING_EVENTS];
	/*
	 * The number, from 1, of the last record of the trace that was consumed; also in a run
	 * (run.h).
	 */
	unsigned consumed;
	const struct timing_run *run; /* NULL: there is no run */
	unsigned base; /* the number of the run's instructions before the trace */
	const struct timing_record *records; /* the records of the trace; NULL: it is a whole run */
};

/* Returns the address that a token stands for, or any other address unchanged. */
static inline u64 actions_resolve(const struct actions *actions, u64 address)
{
	if (!actions || !actions_is_token(address))
		return address;
	return actions->place[actions_token_place(address)];
}

/*
 * Performs an action of a trace that is being recorded, and returns its result (0 for an effect).
 * MEMO_ALWAYS: the result does not change during a trace, so the action is performed once.
 * MEMO_LASTS: it does not change while replay->version is unchanged, and only actions with
 * MEMO_CHANGES change the version.
 */
u64 actions_do(struct actions *actions, const struct memo_action *action);

/* Discards the trace that is being recorded, because it did something that cannot be recorded. */
static inline void actions_refuse(struct actions *actions)
{
	if (actions)
		actions->log.refused = true;
}

/*
 * actions_same returns which of `count` others equal `address` under `mask`, as a bit for each.
 * actions_bits returns the address's bits under a mask. `actions` may be NULL.
 */
u32 actions_same(struct actions *actions, u64 mask, u64 address, const u64 *others, unsigned count);
u64 actions_bits(struct actions *actions, u64 address, u64 mask);

/*
 * Called when the model has consumed this number of records of the trace: the host's memory is then
 * that after their stores.
 */
void actions_reach(struct actions *actions, unsigned consumed);

/* Returns the operands a and b of the record of the trace with this number, from 1. */
const u64 *actions_operands(const struct actions *actions, unsigned which);

/*
 * Notes a report to the host, in the order of the reports: that a record retired in a cycle,
 * counted from `begin`, or that cycles are attributed to a cause.
 */
static inline void actions_report(struct actions *actions, unsigned what, u64 cycles)
{
	retired_add(&actions->retired, what, cycles);
}

/*
 * actions_count appends to the list of counts what the tally counted since the last call, except
 * cycles. actions_enter appends that the instruction that retired in this cycle changed the mode;
 * the list's next number is that cycle since `begin`.
 */
#define ACTIONS_COUNT_MODE 0xff /* an entry of the list; the mode is above it */
void actions_count(struct actions *actions, const struct timing_tally *tally);
void actions_enter(struct actions *actions, const struct timing_tally *tally);

/* Performs ACTION_SAME to ACTION_BITS, for a kind's function for actions. */
static ALWAYS_INLINE u64 actions_answer(const struct actions *actions,
					const struct memo_action *action)
{
	const u64 *places = actions->place;
	u64 address, same = 0;

	if (action->kind == ACTION_BITS)
		return actions_resolve(actions, action->a) & action->b;
	address = places[action->which];
	if (action->kind == ACTION_SAME_ABOVE)
		places += ACTIONS_PLACES_MASKED;
	for (u64 left = action->b; left; left &= left - 1) {
		unsigned place = (unsigned)__builtin_ctzll(left);

		same |= (u64) !((places[place] ^ address) & action->a) << place;
	}
	return same;
}

/*
 * Replays a trace. The `follow` of a kind calls this with the kind's function for actions, which is
 * inlined here.
 */
static ALWAYS_INLINE struct memo_outcome *actions_follow(struct actions *actions,
							 const struct memo_trace *trace,
							 memo_perform *perform, const u64 *version)
{
	return memo_follow(trace, &actions->log, perform, actions, version);
}

#endif
