/* SPDX-License-Identifier: MIT */
/*
 * A CVA6 that does not step what it has met before (../memo.h): pieces of program that begin and
 * end where the core waits for the next record. In between the core's registers are not at hand,
 * only which state of the memo it is in; what is outside (asked.h) always is.
 */
#ifndef CPU_TIMING_CVA6_RECALL_H
#define CPU_TIMING_CVA6_RECALL_H

#include "cpu/timing/cva6/key.h"
#include "cpu/timing/run.h"

struct cva6_recall {
	struct memo memo;
	struct cva6_core *core;
	struct cva6_still *still; /* room to look whether anything moves */
	struct cva6_asker asker;
	struct cva6_key key; /* room for one */
	struct memo_node *at; /* the state that the core is in; NULL: none of the memo */
	bool off; /* all is stepped */
	bool settled; /* the core's registers are at hand */
	u8 after; /* enum timing_after, of all that is under way */
	bool translated; /* data are */
	u32 versions; /* of the instruction cache: upper half of their number */
	const struct memo_leaf *leaf; /* by which it came there; NULL: it was stepped */
};

/* 0 or -ENOMEM; core and `still` outlive it. */
int cva6_recall_init(struct cva6_recall *recall, struct cva6_core *core, struct cva6_still *still);
void cva6_recall_free(struct cva6_recall *recall);

/* The core was reset, or loaded: what is remembered of it is void; the memo stays. */
void cva6_recall_reset(struct cva6_recall *recall);

/* Have the core's registers at hand. */
void cva6_recall_settle(struct cva6_recall *recall);

/* The same, and as it would be however it came there: for others to look at, or keep. */
void cva6_recall_show(struct cva6_recall *recall);

/*
 * Take the first of these records into account, how many is told; 0: the core has to step them
 * itself, and is settled.
 */
unsigned cva6_recall_consume(struct cva6_recall *recall, const struct timing_record *records,
			     unsigned count);

/* The same of a run of a block, all of it. */
#define CVA6_RUN_MAX 64 /* records, for one that is a piece as a whole */
void cva6_recall_run(struct cva6_recall *recall, const struct timing_run *run);

/* A record, with its shadows, goes in; the core goes on as far as it can. */
void cva6_core_consume(struct cva6_core *core, struct cva6_still *still,
		       const struct timing_record *records, unsigned count);

#endif
