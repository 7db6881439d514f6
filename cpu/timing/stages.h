/* SPDX-License-Identifier: MIT */
/*
 * The way of instructions through a pipeline, told to who wants to see it. A model has one of
 * these while it is watched; here is the line of what was fetched and not yet issued.
 */
#ifndef CPU_TIMING_STAGES_H
#define CPU_TIMING_STAGES_H

#include "bus/base.h"

/* What an instruction begins in a cycle: it is in that until it begins something else. */
enum timing_stage {
	TIMING_BEGINS, /* no instruction: the model begins anew, in cycle 0 */
	TIMING_FETCHED, /* it is in the front end's queue */
	TIMING_DECODED,
	TIMING_WAITS_ISSUE,
	TIMING_EXECUTES,
	TIMING_ACCESSES, /* memory */
	TIMING_COMPLETE, /* done, and waits for older ones */
	TIMING_LEFT, /* it was in the pipeline up to the cycle before */
	TIMING_FLUSHED, /* the same, without having been done */
};

#define TIMING_NO_RECORD UINT64_MAX

struct timing_step {
	u64 id; /* of the instruction: counted from 0, in the order of TIMING_FETCHED */
	u64 record; /* number of its record; TIMING_NO_RECORD: not known yet, or it has none */
	u64 pc;
	u64 cycle; /* never before that of the last TIMING_FETCHED told */
	enum timing_stage stage;
};

struct timing_viewer {
	void (*step)(void *ctx, const struct timing_step *step);
	void *ctx;
};

/* More than any front end holds; what is beyond is not told. */
#define TIMING_FRONT_MAX 64

/* An instruction that a model keeps track of. */
struct timing_way {
	u64 id, pc, record;
};

struct timing_stages {
	struct timing_viewer viewer;
	u64 next; /* id */
	struct timing_way front[TIMING_FRONT_MAX]; /* a ring, oldest at first */
	unsigned first, count;
	bool decoding; /* the oldest is in decode */
};

/* The pipeline is empty, at cycle 0. */
void timing_stages_reset(struct timing_stages *stages);

/* The next instruction comes into the line. */
void timing_stages_fetch(struct timing_stages *stages, u64 pc, u64 cycle);

/* The oldest in line goes to decode, unless it is there; and then waits for issue. */
void timing_stages_decode(struct timing_stages *stages, u64 cycle);
void timing_stages_wait(struct timing_stages *stages, u64 cycle);

/* The oldest leaves the line, as this record; the line may be empty: an id that nobody knows. */
struct timing_way timing_stages_issue(struct timing_stages *stages, u64 record);

/* What is in the line is flushed; it was there up to the cycle before. */
void timing_stages_flush(struct timing_stages *stages, u64 cycle);

void timing_stages_tell(const struct timing_stages *stages, const struct timing_way *way,
			enum timing_stage stage, u64 cycle);

#endif
