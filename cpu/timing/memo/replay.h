/* SPDX-License-Identifier: MIT */
/*
 * Replay for models of all kinds: earlier simulations are replayed instead of stepped again
 * (memo.h). Traces begin and end at points where the core waits for the next record. During a
 * replay the core's registers are out of date, and only the state of the memo is known. Everything
 * outside of the state (actions.h) is always up to date. Each kind provides a table of functions.
 */
#ifndef CPU_TIMING_MEMO_REPLAY_H
#define CPU_TIMING_MEMO_REPLAY_H

#include "cpu/timing/memo/actions.h"
#include "cpu/timing/run.h"

struct replay;

/* The core's progress; record numbers are the host's. */
struct replay_progress {
	u64 end; /* the number of the next record to be consumed */
	u64 retired; /* the number of the next record to retire */
	u64 cycle; /* the next cycle to be stepped; times in the key are relative to it */
	u64 last; /* the cycle in which a record retired last */
};

/*
 * The functions that a kind provides. A key, together with the results of actions, determines
 * everything that the core will do. It has the core's registers in a canonical form: without state
 * that no longer matters, with times relative to the cycle, and with tokens for data addresses. It
 * is in replay->key, which is cleared before a key is made.
 */
struct replay_kind {
	size_t key_size;
	/*
	 * Returns whether the core has a key. It has none in rare states that are hard to record.
	 */
	bool (*exists)(const struct replay *replay);
	/*
	 * Makes the core's key. Its addresses are numbered as places, in an order that the key
	 * determines; `from` gets the addresses. Returns their number.
	 */
	unsigned (*take)(struct replay *replay, u64 from[ACTIONS_PLACES]);
	/*
	 * Sets the core to the key, with tokens in it, at the core's cycle. The key has all that is
	 * known of the records in flight, with the mode of each, and whether its data addresses are
	 * translated.
	 */
	void (*put)(struct replay *replay);
	/* Replaces the tokens in the core by addresses. */
	void (*resolve)(struct replay *replay);
	/*
	 * Replaces the last `count` consumed records, which had tokens, by these. NULL: the core
	 * keeps no records.
	 */
	void (*replace)(struct replay *replay, const struct timing_record *records, unsigned count);
	/* Begins or ends the recording of actions in replay->actions. */
	void (*record_actions)(struct replay *replay, bool on);
	/* Gives the core a record with its shadows; the core then runs as far as it can. */
	void (*step)(struct replay *replay, const struct timing_record *records, unsigned count);
	struct replay_progress (*progress)(const struct replay *replay);
	/*
	 * Moves the core forward without stepping it: nothing is in flight except the contents of
	 * its key, which `put` sets next. The last retirement was in cycle `last`; it has been
	 * reported to the host and counted in the tally.
	 */
	void (*pass)(struct replay *replay, const struct replay_progress *to);
	/* Replays a trace: actions_follow with the kind's function for actions. */
	struct memo_outcome *(*follow)(struct replay *replay, const struct memo_trace *trace);
	/*
	 * Returns whether a record is always stepped. `flags` are TIMING_TRAP and so on; 0 for
	 * runs.
	 */
	bool (*steps)(u16 op, u16 flags);
	/*
	 * Returns whether only actions use the values a and b of a record. NULL: there are no such
	 * records.
	 */
	bool (*passes)(u16 op, u32 raw);
	/*
	 * has_operands returns whether times depend on the values of the operands, as for a
	 * division. `operands` returns 8 bits that determine those times, never 0.
	 */
	bool (*has_operands)(u16 op);
	u8 (*operands)(struct replay *replay, u32 raw, const u64 *operands);
};

/* It is a member of the kind's own struct (container_of). */
struct replay {
	const struct replay_kind *kind;
	struct memo memo;
	struct actions actions;
	void *key; /* space for one key */
	const struct memo_node *keyed; /* the state whose key is in `key`; NULL: not known */
	struct memo_node *at; /* the core's state in the memo; NULL: it is not in the memo */
	bool off; /* everything is stepped from now on */
	bool synchronized; /* the core's registers are up to date */
	struct replay_progress now; /* the progress while the registers are not */
	/*
	 * The version of lasting results: never 0, and never the same twice. NULL: no results last.
	 * If it never decreases either, actions.log.changed can contain the version at which each
	 * group changed.
	 */
	const u64 *version;
	struct timing_tally *tally; /* the tally of the model */
	struct timing_tally *seen; /* the tally at the last retirement; NULL: not kept */
	struct memo_outcome *outcome; /* the outcome that led to `at`; NULL: the core was stepped */
	/* the last outcome in which a record retired, if it was not reported */
	struct memo_outcome *unreported;
	struct memo_outcome *touched; /* the outcomes whose replays were not counted yet */
};

/*
 * Prepares for replay. The caller has filled in kind, version, tally and seen, and in `actions`
 * core, host and log.perform, all of which outlive it. Returns 0 or -ENOMEM.
 */
int replay_init(struct replay *replay);
void replay_free(struct replay *replay);

/* Forgets the core's state after the core was reset or loaded; the memo stays. */
void replay_reset(struct replay *replay);

/* Brings the core's registers up to date. */
void replay_synchronize(struct replay *replay);

/*
 * Like replay_synchronize, for registers that will be changed: the core is then in no state of the
 * memo.
 */
void replay_leave(struct replay *replay);

/* Steps everything from now on. */
void replay_stop(struct replay *replay);

/*
 * Consumes the first of these records, and returns how many. If it returns 0, the core is
 * synchronized and must step them itself.
 */
unsigned replay_consume(struct replay *replay, const struct timing_record *records, unsigned count);

/* Returns the core's progress, whether its registers are up to date or not. */
static inline struct replay_progress replay_progress(const struct replay *replay)
{
	return replay->synchronized ? replay->kind->progress(replay) : replay->now;
}

/*
 * Brings the tally up to date, since outcomes only count their replays. Reports the cycles
 * attributed since the last retirement.
 */
void replay_count(struct replay *replay);

#endif
