/* SPDX-License-Identifier: MIT */
/*
 * Replay: a model of any kind that does not step what it has met before (memo.h). Traces begin and
 * end where the core waits for the next record. While the model replays, the core's registers are
 * not at hand, only the state of the memo that it is in; what is outside of them (actions.h) always
 * is. What a kind provides is in a table.
 */
#ifndef CPU_TIMING_MEMO_REPLAY_H
#define CPU_TIMING_MEMO_REPLAY_H

#include "cpu/timing/memo/actions.h"
#include "cpu/timing/run.h"

struct replay;

/* How far the core has come; `left` (retired) and `end` count records as its host does. */
struct replay_progress {
	u64 end; /* number of the next record to come in */
	u64 left; /* of the next to retire */
	u64 cycle; /* the next to be stepped, or whatever times in the key are relative to */
	u64 last; /* the cycle in which a record retired last */
};

/*
 * What the memo has to know of a kind. A key decides, together with the results of actions, all
 * that the core will do: its registers without what does not matter any more, in one order, with
 * times relative to the cycle and tokens for addresses of data. It is in replay->key, cleared when
 * made.
 */
struct replay_kind {
	size_t key_size;
	/* Has the core a key? It has none while it does what is rare, and hard to record. */
	bool (*exists)(const struct replay *replay);
	/*
	 * Makes the key of the core as it is. Its addresses get places of their own, in an order
	 * that follows from the key; `from` gets what was in those fields. Returns how many.
	 */
	unsigned (*take)(struct replay *replay, u64 from[ACTIONS_PLACES]);
	/*
	 * Makes the core as the key says, with tokens in it, at the cycle where it is. Of records
	 * that have not retired nothing is known but what is in the key, which also says in which
	 * mode each runs, and whether its data are translated.
	 */
	void (*put)(struct replay *replay);
	/* Makes tokens in the core addresses again. */
	void (*resolve)(struct replay *replay);
	/* The last `count` records that came in are these: they had tokens. NULL: none is kept. */
	void (*replace)(struct replay *replay, const struct timing_record *records, unsigned count);
	/* Has actions recorded, by replay->actions; or not any more. */
	void (*write_down)(struct replay *replay, bool on);
	/* Gives the core a record with its shadows; the core goes on as far as it can. */
	void (*step)(struct replay *replay, const struct timing_record *records, unsigned count);
	struct replay_progress (*progress)(const struct replay *replay);
	/*
	 * Moves the core on without stepping it: nothing is under way but what its key says, which
	 * is put next. What has retired did so in `last`, if any has; host and tally know of it.
	 */
	void (*pass)(struct replay *replay, const struct replay_progress *to);
	/* Replays a trace: actions_follow, with the kind's function for actions. */
	struct memo_outcome *(*follow)(struct replay *replay, const struct memo_trace *trace);
	/* Is such a record stepped in any case? Flags: TIMING_TRAP and the like; of runs 0. */
	bool (*steps)(u16 op, u16 flags);
	/* Do only actions use the values a and b of such a record? NULL: of none. */
	bool (*passes)(u16 op, u32 raw);
	/*
	 * Do times depend on the operands' values, as of a division; and what of them, in 8 bits,
	 * never 0?
	 */
	bool (*has_operands)(u16 op);
	u8 (*operands)(struct replay *replay, u32 raw, const u64 *operands);
};

/* Part of the kind's own, for container_of. */
struct replay {
	const struct replay_kind *kind;
	struct memo memo;
	struct actions actions;
	void *key; /* space for one */
	struct memo_node *at; /* the state that the core is in; NULL: none of the memo */
	bool off; /* all is stepped */
	bool settled; /* the core's registers are at hand */
	struct replay_progress now; /* while they are not: what they will say */
	/*
	 * Of answers that last: never 0, nor what it was. NULL: there are none. Where it also never
	 * falls, actions.log.changed can tell what changed when.
	 */
	const u64 *version;
	struct timing_tally *tally; /* the model's */
	struct timing_tally *seen; /* what that was when the last record retired; NULL: not kept */
	struct memo_outcome *outcome; /* by which it came there; NULL: it was stepped */
	struct memo_outcome *departed; /* the last with a record that retired, if not reported */
	struct memo_outcome *touched; /* those that have been taken, and not been counted */
};

/*
 * 0 or -ENOMEM. Before it the caller has filled in kind, version, tally and seen, and of the
 * actions core, host and log.perform; all of that outlives it.
 */
int replay_init(struct replay *replay);
void replay_free(struct replay *replay);

/* After the core was reset or loaded: forgets the core's state; the memo stays. */
void replay_reset(struct replay *replay);

/* Makes the core's registers be at hand. */
void replay_settle(struct replay *replay);

/* As replay_settle, for registers that will be changed: the core is in no state of the memo. */
void replay_leave(struct replay *replay);

/* Replays nothing any more. */
void replay_stop(struct replay *replay);

/*
 * Consumes the first of these records and returns how many; 0: the core has to step them itself,
 * and is settled.
 */
unsigned replay_consume(struct replay *replay, const struct timing_record *records, unsigned count);

/* Returns how far the core has come, whether its registers are at hand or not. */
static inline struct replay_progress replay_progress(const struct replay *replay)
{
	return replay->settled ? replay->kind->progress(replay) : replay->now;
}

/*
 * Have in the tally all that was counted; what was taken from the memo only says how often. And
 * the host knows what was spent since a record left.
 */
void replay_count(struct replay *replay);

#endif
