/* SPDX-License-Identifier: MIT */
/*
 * Replay for models of any kind: what was simulated before is replayed instead of stepped (memo.h).
 * Traces begin and end where the core waits for the next record. During replay the core's registers
 * are not up to date; only the state of the memo in which the core is is known. What is outside of
 * them (actions.h) always is up to date. A table has what a kind provides.
 */
#ifndef CPU_TIMING_MEMO_REPLAY_H
#define CPU_TIMING_MEMO_REPLAY_H

#include "cpu/timing/memo/actions.h"
#include "cpu/timing/run.h"

struct replay;

/* The core's progress; `left` (retired) and `end` count records as the core's host does. */
struct replay_progress {
	u64 end; /* number of the next record to come in */
	u64 left; /* number of the next one to retire */
	u64 cycle; /* the next to be stepped, or what times in the key are relative to */
	u64 last; /* the cycle in which a record retired last */
};

/*
 * The functions that a kind provides. A key, together with the results of actions, determines
 * everything that the core will do. It has the core's registers in a canonical form: without what
 * does not matter any more, with times relative to the cycle and tokens for addresses of data. It
 * is in replay->key, and cleared before it is made.
 */
struct replay_kind {
	size_t key_size;
	/*
	 * Returns whether the core has a key. It has none in rare states that are hard to record.
	 */
	bool (*exists)(const struct replay *replay);
	/*
	 * Make the key of the core. Its addresses are numbered as places, in an order that is
	 * determined by the key; `from` gets the former contents of those fields. Return how many
	 * there are.
	 */
	unsigned (*take)(struct replay *replay, u64 from[ACTIONS_PLACES]);
	/*
	 * Set the core to the key, with tokens in it, at the cycle where the core is. The key has
	 * all that is known of records that have not retired, including the mode in which each
	 * runs, and whether its data addresses are translated.
	 */
	void (*put)(struct replay *replay);
	/* Replace the tokens in the core by addresses. */
	void (*resolve)(struct replay *replay);
	/*
	 * Replace the last `count` records that came in, which had tokens, by these. NULL: none is
	 * kept.
	 */
	void (*replace)(struct replay *replay, const struct timing_record *records, unsigned count);
	/* Begin or end recording of actions, by replay->actions. */
	void (*write_down)(struct replay *replay, bool on);
	/* Give the core a record with its shadows; the core goes on as far as it can. */
	void (*step)(struct replay *replay, const struct timing_record *records, unsigned count);
	struct replay_progress (*progress)(const struct replay *replay);
	/*
	 * Move the core on without stepping it: nothing is in flight but what its key says, which
	 * is put next. What retired last did so in cycle `last`; host and tally know of it.
	 */
	void (*pass)(struct replay *replay, const struct replay_progress *to);
	/* Replay a trace: actions_follow with the kind's function for actions. */
	struct memo_outcome *(*follow)(struct replay *replay, const struct memo_trace *trace);
	/*
	 * Returns whether such a record is always stepped. Flags are TIMING_TRAP and the like; runs
	 * have 0.
	 */
	bool (*steps)(u16 op, u16 flags);
	/*
	 * Returns whether only actions use the values a and b of such a record. NULL: there are
	 * none.
	 */
	bool (*passes)(u16 op, u32 raw);
	/*
	 * Return whether times depend on the operands' values, as for a division; and what they
	 * depend on, in 8 bits, never 0.
	 */
	bool (*has_operands)(u16 op);
	u8 (*operands)(struct replay *replay, u32 raw, const u64 *operands);
};

/* A part of the kind's own struct, for container_of. */
struct replay {
	const struct replay_kind *kind;
	struct memo memo;
	struct actions actions;
	void *key; /* space for one key */
	const struct memo_node *keyed; /* the state that `key` has; NULL: not known */
	struct memo_node *at; /* the state that the core is in; NULL: none of the memo */
	bool off; /* all is stepped */
	bool synchronized; /* the core's registers are up to date */
	struct replay_progress now; /* the progress while they are not */
	/*
	 * The version of lasting results: never 0, and never twice the same. NULL: no results last.
	 * If it also never falls, actions.log.changed can tell what changed when.
	 */
	const u64 *version;
	struct timing_tally *tally; /* the tally of the model */
	struct timing_tally *seen; /* the tally when the last record retired; NULL: not kept */
	struct memo_outcome *outcome; /* the outcome that led to `at`; NULL: the core was stepped */
	/* the last one with a record that retired, if not reported */
	struct memo_outcome *departed;
	struct memo_outcome *touched; /* those with replays that have not been counted */
};

/*
 * Prepare for replay. Before it the caller has filled in kind, version, tally and seen, and in
 * actions core, host and log.perform, all of which outlive it. Return 0 or -ENOMEM.
 */
int replay_init(struct replay *replay);
void replay_free(struct replay *replay);

/* Forget the core's state after the core was reset or loaded; the memo stays. */
void replay_reset(struct replay *replay);

/* Bring the core's registers up to date. */
void replay_synchronize(struct replay *replay);

/*
 * Do as replay_synchronize, for registers that will be changed: the core is in no state of the memo
 * then.
 */
void replay_leave(struct replay *replay);

/* Step all from now on. */
void replay_stop(struct replay *replay);

/*
 * Consume the first of these records and return how many; if 0, the core has to step them itself,
 * and is synchronized.
 */
unsigned replay_consume(struct replay *replay, const struct timing_record *records, unsigned count);

/* Returns how far the core has come, whether its registers are up to date or not. */
static inline struct replay_progress replay_progress(const struct replay *replay)
{
	return replay->synchronized ? replay->kind->progress(replay) : replay->now;
}

/*
 * Bring the tally up to date: outcomes only say how often each was replayed. Report the cycles that
 * were attributed since a record retired.
 */
void replay_count(struct replay *replay);

#endif
