/* SPDX-License-Identifier: MIT */
/*
 * The steps of each instruction through a pipeline, which are reported to a viewer. A model has
 * this while it is watched. It keeps a queue of the instructions that were fetched and not yet
 * issued.
 */
#ifndef CPU_TIMING_STAGES_H
#define CPU_TIMING_STAGES_H

#include "bus/base.h"

/* An instruction begins a stage in a cycle, and stays in it until it begins another. */
enum timing_stage {
	TIMING_BEGINS, /* the model was reset, to cycle 0; it belongs to no instruction */
	TIMING_FETCHED, /* it is in the front end's queue */
	TIMING_DECODED,
	TIMING_WAITS_ISSUE,
	TIMING_EXECUTES,
	TIMING_ACCESSES, /* it accesses memory */
	TIMING_COMPLETE, /* it is done, and waits for older ones */
	TIMING_RETIRED, /* it retired: it was in the pipeline up to the cycle before */
	TIMING_FLUSHED, /* it was flushed: it was in the pipeline up to the cycle before */
};

#define TIMING_NO_RECORD UINT64_MAX

struct timing_step {
	u64 id; /* number of the instruction, from 0, in the order of TIMING_FETCHED */
	u64 record; /* number of its record; TIMING_NO_RECORD: not yet known, or it has none */
	u64 pc;
	u64 cycle; /* never before that of the last TIMING_FETCHED */
	enum timing_stage stage;
};

struct timing_viewer {
	void (*step)(void *ctx, const struct timing_step *step);
	void *ctx;
};

/* The most instructions in a front end; others are not reported. */
#define TIMING_FRONT_MAX 64

/* An instruction that a model keeps track of. */
struct timing_way {
	u64 id, pc, record;
};

struct timing_stages {
	struct timing_viewer viewer;
	u64 next; /* id of the next instruction fetched */
	struct timing_way front[TIMING_FRONT_MAX]; /* a ring, the oldest first */
	unsigned first, count;
	bool decoding; /* the oldest is in decode */
};

/* Reports that the pipeline is empty, in cycle 0. */
void timing_stages_reset(struct timing_stages *stages);

/* Reports that the next instruction enters the queue. */
void timing_stages_fetch(struct timing_stages *stages, u64 pc, u64 cycle);

/*
 * Report that the oldest of the queue goes to decode, unless it is there, and that it then waits
 * for issue.
 */
void timing_stages_decode(struct timing_stages *stages, u64 cycle);
void timing_stages_wait(struct timing_stages *stages, u64 cycle);

/*
 * Removes the oldest from the queue; it has this record. If the queue is empty, returns an
 * instruction whose steps are not reported.
 */
struct timing_way timing_stages_issue(struct timing_stages *stages, u64 record);

/* Reports that the queue is flushed; the instructions were in it up to the cycle before. */
void timing_stages_flush(struct timing_stages *stages, u64 cycle);

void timing_stages_report(const struct timing_stages *stages, const struct timing_way *way,
			  enum timing_stage stage, u64 cycle);

#endif
