/* SPDX-License-Identifier: MIT */
/*
 * A core of kind inorder that replays earlier simulations (../memo/memo.h). A trace is a run of a
 * decoded block, or one record of any kind, because between any two instructions the state is
 * timestamps (key.h); all input is one or the other. During a replay the core's own timestamps are
 * out of date, and only its state in the memo is known. Everything outside of the state (actions.h)
 * is always up to date.
 */
#ifndef CPU_TIMING_INORDER_REPLAY_H
#define CPU_TIMING_INORDER_REPLAY_H

#include "cpu/timing/inorder/key.h"
#include "cpu/timing/run.h"

struct inorder_replay {
	struct memo memo;
	struct inorder *core;
	struct inorder_key key; /* space for one key */
	struct memo_node *at; /* the core's state in the memo; NULL: it is not in the memo */
	struct memo_outcome *outcome; /* the outcome that led to `at`; NULL: the core was stepped */
	struct memo_outcome *touched; /* the outcomes whose replays were not counted yet */
	bool unreported; /* records have retired that were not reported */
	bool off; /* everything is stepped */
	bool synchronized; /* the core's timestamps are up to date */
	u64 base; /* the cycle from which the state's times count */
	struct timing_tally tally; /* events of a trace that is being recorded */
};

/* Prepares for replay; the core must outlive it. Returns 0 or -ENOMEM. */
int inorder_replay_init(struct inorder_replay *replay, struct inorder *core);
void inorder_replay_free(struct inorder_replay *replay);

/* Forgets the core's state after the core was reset or loaded; the memo stays. */
void inorder_replay_reset(struct inorder_replay *replay);

/* Brings the core's timestamps up to date, because they will be changed. */
void inorder_replay_synchronize(struct inorder_replay *replay);

/*
 * Does the same, with timestamps in the same form whether the core replayed or not, so that others
 * can keep them.
 */
void inorder_replay_show(struct inorder_replay *replay);

/*
 * Brings the tally up to date, since outcomes only count their replays. The last retirement is
 * reported to the host.
 */
void inorder_replay_count(struct inorder_replay *replay);

/* Consume one record, or several runs of blocks. */
void inorder_replay_record(struct inorder_replay *replay, const struct timing_record *record);
void inorder_replay_runs(struct inorder_replay *replay, const struct timing_run *run,
			 const struct timing_run *end);

#endif
