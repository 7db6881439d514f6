/* SPDX-License-Identifier: MIT */
/*
 * A core of kind inorder that does not step what it has met before (../memo/memo.h). A trace is a
 * run of a decoded block, or one record of any kind, and all input is one or the other, because
 * between any two instructions the state is timestamps (key.h). During replay the core's own are
 * not up to date, only the memo's state that it is in; what is outside (actions.h) always is.
 */
#ifndef CPU_TIMING_INORDER_REPLAY_H
#define CPU_TIMING_INORDER_REPLAY_H

#include "cpu/timing/inorder/key.h"
#include "cpu/timing/run.h"

struct inorder_replay {
	struct memo memo;
	struct inorder *core;
	struct inorder_key key; /* space for one key */
	struct memo_node *at; /* the state that the core is in; NULL: none of the memo */
	struct memo_outcome *outcome; /* the outcome that led to `at`; NULL: the core was stepped */
	struct memo_outcome *touched; /* those with replays that have not been counted */
	bool departed; /* records have retired that were not reported */
	bool off; /* all is stepped */
	bool synchronized; /* the core's timestamps are up to date */
	u64 base; /* the cycle that the state's times count from */
	struct timing_tally tally; /* events of a trace that is being recorded */
};

/* Return 0 or -ENOMEM; the core outlives it. */
int inorder_replay_init(struct inorder_replay *replay, struct inorder *core);
void inorder_replay_free(struct inorder_replay *replay);

/* Forget the core's state after the core was reset or loaded; the memo stays. */
void inorder_replay_reset(struct inorder_replay *replay);

/* Bring the core's timestamps up to date, to be changed. */
void inorder_replay_synchronize(struct inorder_replay *replay);

/*
 * Do the same, with the timestamps as they would be however the core came there, for others to
 * keep.
 */
void inorder_replay_show(struct inorder_replay *replay);

/*
 * Bring the tally up to date: outcomes only say how often each was replayed. The last retirement is
 * reported to the host.
 */
void inorder_replay_count(struct inorder_replay *replay);

/* Consume a record; or all of some runs of blocks. */
void inorder_replay_record(struct inorder_replay *replay, const struct timing_record *record);
void inorder_replay_runs(struct inorder_replay *replay, const struct timing_run *run,
			 const struct timing_run *end);

#endif
