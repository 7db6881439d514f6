/* SPDX-License-Identifier: MIT */
/*
 * The steps of each instruction through a pipeline, reported to a viewer. A model has one of these
 * while it is watched; it keeps the queue of what was fetched and not yet issued.
 */
#ifndef CPU_TIMING_STAGES_H
#define CPU_TIMING_STAGES_H

#include "bus/base.h"

/* An instruction begins a stage in a cycle, and stays in it until it begins another one. */
enum timing_stage {
	TIMING_BEGINS, /* no instruction: the model begins anew, in cycle 0 */
	TIMING_FETCHED, /* it is in the front end's queue */
	TIMING_DECODED,
	TIMING_WAITS_ISSUE,
	TIMING_EXECUTES,
	TIMING_ACCESSES, /* it accesses memory */
	TIMING_COMPLETE, /* it is done, and waits for older ones */
	TIMING_LEFT, /* it retired: it was in the pipeline up to the cycle before */
	TIMING_FLUSHED, /* it was flushed: it was in the pipeline up to the cycle before */
};

#define TIMING_NO_RECORD UINT64_MAX

struct timing_step {
	u64 id; /* number of the instruction, from 0, in the order of TIMING_FETCHED */
	u64 record; /* number of its record; TIMING_NO_RECORD: not known yet, or it has none */
	u64 pc;
	u64 cycle; /* never before that of the last TIMING_FETCHED */
	enum timing_stage stage;
};

struct timing_viewer {
	void (*step)(void *ctx, const struct timing_step *step);
	void *ctx;
};

/* No front end holds more than this; instructions beyond it are not reported. */
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

/* The pipeline is empty, in cycle 0. */
void timing_stages_reset(struct timing_stages *stages);

/* The next instruction enters the queue. */
void timing_stages_fetch(struct timing_stages *stages, u64 pc, u64 cycle);

/* The oldest of the queue goes to decode, unless it is there; and then waits for issue. */
void timing_stages_decode(struct timing_stages *stages, u64 cycle);
void timing_stages_wait(struct timing_stages *stages, u64 cycle);

/*
 * The oldest leaves the queue, as this record. Where the queue is empty, return an instruction
 * whose steps are not reported.
 */
struct timing_way timing_stages_issue(struct timing_stages *stages, u64 record);

/* All of the queue is flushed; it was there up to the cycle before. */
void timing_stages_flush(struct timing_stages *stages, u64 cycle);

void timing_stages_tell(const struct timing_stages *stages, const struct timing_way *way,
			enum timing_stage stage, u64 cycle);

#endif
