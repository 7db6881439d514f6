/* SPDX-License-Identifier: MIT */
/*
 * A core of kind inorder that does not step what it has met before (../memo.h). A trace is a run of
 * a decoded block, or one record of any kind: all that comes in is one or the other, for between
 * any two instructions the state is timestamps (key.h). In between the core's are not at hand, only
 * which state of the memo it is in; what is outside (actions.h) always is.
 */
#ifndef CPU_TIMING_INORDER_REPLAY_H
#define CPU_TIMING_INORDER_REPLAY_H

#include "cpu/timing/inorder/key.h"
#include "cpu/timing/run.h"

struct inorder_replay {
	struct memo memo;
	struct inorder *core;
	struct inorder_key key; /* room for one */
	struct memo_node *at; /* the state that the core is in; NULL: none of the memo */
	struct memo_outcome *outcome; /* by which it came there; NULL: it was stepped */
	struct memo_outcome *touched; /* those that have been taken, and not been counted */
	bool departed; /* records have left of which nobody was told */
	bool off; /* all is stepped */
	bool settled; /* the core's timestamps are at hand */
	u64 base; /* what those of the state count from */
	struct timing_tally tally; /* of a trace that is written down */
};

/* 0 or -ENOMEM; the core outlives it. */
int inorder_replay_init(struct inorder_replay *replay, struct inorder *core);
void inorder_replay_free(struct inorder_replay *replay);

/* The core was reset, or loaded: what is remembered of it is void; the memo stays. */
void inorder_replay_reset(struct inorder_replay *replay);

/* Have the core's timestamps at hand, to be changed. */
void inorder_replay_settle(struct inorder_replay *replay);

/* The same, and as they would be however the core came there: for others to keep. */
void inorder_replay_show(struct inorder_replay *replay);

/*
 * Have in the tally all that was counted; what was taken from the memo only says how often. And
 * the host knows that something left.
 */
void inorder_replay_count(struct inorder_replay *replay);

/* Take a record into account; or all of some runs of blocks. */
void inorder_replay_record(struct inorder_replay *replay, const struct timing_record *record);
void inorder_replay_runs(struct inorder_replay *replay, const struct timing_run *run,
			 const struct timing_run *end);

#endif
