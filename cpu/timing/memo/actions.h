/* SPDX-License-Identifier: MIT */
/*
 * The actions of a model with a memo (replay.h): all that its pipeline does with what is outside of
 * it: tables, predictors, TLBs, and how addresses of data are related. While a trace is recorded,
 * the pipeline has tokens in place of such addresses, each a place in a table; all its actions go
 * through here, and so does what it tells its host. A core has a pointer to a struct actions
 * meanwhile, else NULL, and then has the addresses themselves.
 */
#ifndef CPU_TIMING_MEMO_ACTIONS_H
#define CPU_TIMING_MEMO_ACTIONS_H

#include "cpu/timing/memo/memo_log.h"
#include "cpu/timing/memo/retired.h"
#include "cpu/timing/memo/token.h"
#include "cpu/timing/model.h"

/* Actions that any kind may perform; a kind's own are numbered from ACTION_OWN on. */
enum {
	ACTION_SAME = MEMO_END + 1, /* which of places `b` are as place `which` is under mask `a` */
	ACTION_BITS, /* of address `a`: those under mask `b` */
	ACTION_OWN,
};

#define ACTIONS_PLACES_RELATED 64 /* places of which ACTION_SAME can tell how they are related */
#define ACTIONS_COUNTS_MAX (4 * TIMING_EVENTS)

struct actions {
	void *core; /* the kind's: what its actions are about */
	const struct timing_host *host; /* the core's */
	struct memo_log log; /* the ctx of its perform() is this */
	u64 *place; /* one of the two */
	u64 places_of[2][ACTIONS_PLACES];
	unsigned places; /* in use */
	struct retired retired; /* what the host heard meanwhile */
	u64 begin; /* the cycle in which that began */
	/* Events meanwhile (retired.h), and what was counted until then. */
	u32 counts[ACTIONS_COUNTS_MAX];
	unsigned counts_count;
	bool entered; /* another mode */
	u64 counted[TIMING_EVENTS];
	/* Which record of a trace is the last that was taken, from 1; and of a run (run.h). */
	unsigned taken;
	const struct timing_run *run; /* NULL: there is no run */
	unsigned base; /* instructions of it before the trace */
	const struct timing_record *records; /* of the trace; NULL: it is a run as a whole */
};

/* Returns the address that a token stands for; any other address is itself. */
static inline u64 actions_resolve(const struct actions *actions, u64 address)
{
	if (!actions || !actions_is_token(address))
		return address;
	return actions->place[actions_token_place(address)];
}

/*
 * Performs an action of a trace that is being recorded, and returns its result (of an effect 0).
 * MEMO_ALWAYS: while the trace lasts the result is the same, and the action is performed once.
 * MEMO_LASTS: it is the same while replay->version is, which only actions marked with MEMO_CHANGES
 * change.
 */
u64 actions_do(struct actions *actions, const struct memo_action *action);

/* What is stepped now is not to be kept: it did what cannot be recorded. */
static inline void actions_refuse(struct actions *actions)
{
	if (actions)
		actions->log.refused = true;
}

/*
 * Returns which of `count` others are `address` under `mask`, a bit for each. And the second one
 * the address's bits under a mask. The actions may be NULL.
 */
u32 actions_same(struct actions *actions, u64 mask, u64 address, const u64 *others, unsigned count);
u64 actions_bits(struct actions *actions, u64 address, u64 mask);

/* The model has had so many records of the trace: memory is as with their stores. */
void actions_reach(struct actions *actions, unsigned taken);

/* Returns the operands a and b of the record of the trace with this number, from 1. */
const u64 *actions_operands(const struct actions *actions, unsigned which);

/*
 * Notes that a record retired, in this cycle since `begin`, or that so many cycles are attributed
 * to a cause: in the order in which the host would hear it, and in the host's place.
 */
static inline void actions_tell(struct actions *actions, unsigned what, u64 cycles)
{
	retired_add(&actions->retired, what, cycles);
}

/*
 * Adds to the list what the tally counted since the last call, but for the cycle. And the second
 * one, that what retired in this cycle has changed the mode: a list's next number is the cycle
 * since `begin`.
 */
#define ACTIONS_COUNT_MODE 0xff /* above it, the mode */
void actions_count(struct actions *actions, const struct timing_tally *tally);
void actions_enter(struct actions *actions, const struct timing_tally *tally);

/* Performs ACTION_SAME and ACTION_BITS, for a kind's function. */
static ALWAYS_INLINE u64 actions_answer(const struct actions *actions,
					const struct memo_action *action)
{
	u64 address, same = 0;

	if (action->kind == ACTION_BITS)
		return actions_resolve(actions, action->a) & action->b;
	address = actions->place[action->which];
	for (u64 left = action->b; left; left &= left - 1) {
		unsigned place = (unsigned)__builtin_ctzll(left);

		same |= (u64)!((actions->place[place] ^ address) & action->a) << place;
	}
	return same;
}

/*
 * Replays a trace. A kind's `follow` is this with its own function for actions, which is meant to
 * be inlined here.
 */
static ALWAYS_INLINE struct memo_outcome *actions_follow(struct actions *actions,
							 const struct memo_trace *trace,
							 memo_perform *perform, const u64 *version)
{
	return memo_follow(trace, &actions->log, perform, actions, version);
}

#endif
