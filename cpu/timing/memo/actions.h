/* SPDX-License-Identifier: MIT */
/*
 * The actions of a model with a memo (replay.h): all that its pipeline does with what is outside of
 * it, that is tables, predictors, TLBs, and the relations of data addresses. While a trace is
 * recorded, the pipeline has tokens in place of such addresses, each of which stands for a place in
 * a table; all its actions go through here, and so does all that it reports to its host. During
 * that time a core has a pointer to a struct actions; otherwise the pointer is NULL, and the core
 * has the addresses themselves.
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
	ACTION_SAME_ABOVE, /* the same of places from ACTIONS_PLACES_MASKED on */
	ACTION_BITS, /* the bits of address `a` under mask `b` */
	ACTION_OWN,
};

#define ACTIONS_PLACES_MASKED 64 /* places that one action can relate */
#define ACTIONS_PLACES_RELATED (2 * ACTIONS_PLACES_MASKED) /* places that can be related */
#define ACTIONS_COUNTS_MAX (4 * TIMING_EVENTS)

struct actions {
	void *core; /* the core that the kind's own actions are about */
	const struct timing_host *host; /* the host of the core */
	struct memo_log log; /* its perform() gets this struct as its ctx */
	u64 *place; /* one of places_of */
	u64 places_of[2][ACTIONS_PLACES];
	unsigned places; /* places in use */
	struct retired retired; /* reports to the host while recording */
	u64 begin; /* the cycle in which the recording began */
	/* Events since then (retired.h), and what had been counted before them. */
	u32 counts[ACTIONS_COUNTS_MAX];
	unsigned counts_count;
	bool entered; /* the mode has changed meanwhile */
	u64 counted[TIMING_EVENTS];
	/*
	 * The number, from 1, of the last record of the trace that was taken, in a run as well
	 * (run.h).
	 */
	unsigned taken;
	const struct timing_run *run; /* NULL: there is no run */
	unsigned base; /* number of its instructions before the trace */
	const struct timing_record *records; /* those of the trace; NULL: it is a whole run */
};

/* Returns the address that a token stands for; any other address is returned as it is. */
static inline u64 actions_resolve(const struct actions *actions, u64 address)
{
	if (!actions || !actions_is_token(address))
		return address;
	return actions->place[actions_token_place(address)];
}

/*
 * Perform an action of a trace that is being recorded, and return its result (0 for an effect).
 * MEMO_ALWAYS says that the result is the same while the trace lasts, so that the action is
 * performed once. MEMO_LASTS says that it is the same while replay->version is, which only actions
 * marked with MEMO_CHANGES change.
 */
u64 actions_do(struct actions *actions, const struct memo_action *action);

/* Do not keep the trace that is being recorded: it did what cannot be recorded. */
static inline void actions_refuse(struct actions *actions)
{
	if (actions)
		actions->log.refused = true;
}

/*
 * Return which of `count` others equal `address` under `mask`, a bit for each; the second function
 * returns the address's bits under a mask. `actions` may be NULL.
 */
u32 actions_same(struct actions *actions, u64 mask, u64 address, const u64 *others, unsigned count);
u64 actions_bits(struct actions *actions, u64 address, u64 mask);

/* The model has taken so many records of the trace: memory is as behind their stores. */
void actions_reach(struct actions *actions, unsigned taken);

/* Returns the operands a and b of the record of the trace with this number, from 1. */
const u64 *actions_operands(const struct actions *actions, unsigned which);

/*
 * Note, in the host's place and in the order in which the host would hear of it, that a record
 * retired in this cycle since `begin`, or that so many cycles are attributed to a cause.
 */
static inline void actions_tell(struct actions *actions, unsigned what, u64 cycles)
{
	retired_add(&actions->retired, what, cycles);
}

/*
 * Append to the list of counts what the tally counted since the last call, but for the cycle. The
 * second function appends that what retired in this cycle changed the mode: the list's next number
 * is the cycle since `begin`.
 */
#define ACTIONS_COUNT_MODE 0xff /* an entry of the list; the mode is above it */
void actions_count(struct actions *actions, const struct timing_tally *tally);
void actions_enter(struct actions *actions, const struct timing_tally *tally);

/* Perform ACTION_SAME to ACTION_BITS; a kind's function for actions calls it. */
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
 * Replay a trace. A kind's `follow` calls this with its own function for actions, which is inlined
 * here.
 */
static ALWAYS_INLINE struct memo_outcome *actions_follow(struct actions *actions,
							 const struct memo_trace *trace,
							 memo_perform *perform, const u64 *version)
{
	return memo_follow(trace, &actions->log, perform, actions, version);
}

#endif
