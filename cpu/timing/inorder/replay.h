/* SPDX-License-Identifier: MIT */
/*
 * A core of kind inorder that does not step what it has met before (../memo.h). A piece is a run of
 * a decoded block, or one record of any kind: all that comes in is one or the other, for between
 * any two instructions the state is timestamps (key.h). In between the core's are not at hand, only
 * which state of the memo it is in; what is outside (actions.h) always is.
 */
#ifndef CPU_TIMING_INORDER_REPLAY_H
#define CPU_TIMING_INORDER_REPLAY_H

#include "cpu/timing/inorder/key.h"
#include "cpu/timing/run.h"

struct inorder_recall {
	struct memo memo;
	struct inorder *core;
	struct inorder_key key; /* room for one */
	struct memo_node *at; /* the state that the core is in; NULL: none of the memo */
	struct memo_leaf *leaf; /* by which it came there; NULL: it was stepped */
	struct memo_leaf *touched; /* those that have been taken, and not been counted */
	bool departed; /* records have left of which nobody was told */
	bool off; /* all is stepped */
	bool settled; /* the core's timestamps are at hand */
	u64 base; /* what those of the state count from */
	struct timing_tally tally; /* of a piece that is written down */
};

/* 0 or -ENOMEM; the core outlives it. */
int inorder_recall_init(struct inorder_recall *recall, struct inorder *core);
void inorder_recall_free(struct inorder_recall *recall);

/* The core was reset, or loaded: what is remembered of it is void; the memo stays. */
void inorder_recall_reset(struct inorder_recall *recall);

/* Have the core's timestamps at hand, to be changed. */
void inorder_recall_settle(struct inorder_recall *recall);

/* The same, and as they would be however the core came there: for others to keep. */
void inorder_recall_show(struct inorder_recall *recall);

/*
 * Have in the tally all that was counted; what was taken from the memo only says how often. And
 * the host knows that something left.
 */
void inorder_recall_count(struct inorder_recall *recall);

/* Take a record into account; or all of some runs of blocks. */
void inorder_recall_record(struct inorder_recall *recall, const struct timing_record *record);
void inorder_recall_runs(struct inorder_recall *recall, const struct timing_run *run,
			 const struct timing_run *end);

#endif
