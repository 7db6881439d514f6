/* SPDX-License-Identifier: MIT */
/*
 * Events put down to who called whom: all of them, or every so many a sample of the instruction
 * that then leaves, which stands for as many.
 */
#ifndef CPU_TIMING_PROFILE_SAMPLES_H
#define CPU_TIMING_PROFILE_SAMPLES_H

#include "cpu/timing/profile/calls.h"
#include "cpu/timing/tally.h"

struct timing_model;

struct timing_samples {
	struct calls *calls;
	const struct timing_tally *tally; /* of the model */
	u64 events; /* a bit for each that is counted (enum timing_event) */
	u64 period; /* events for a sample; 1: all */
	u64 tallied; /* what the tally said last, of them */
	u64 rest; /* events since the last sample */
};

/* The events of a selector (event.h); `names` is copied. NULL: no memory. */
struct timing_samples *timing_samples_create(const struct call_names *names, u64 events,
					     u64 period);

/*
 * They are those of this model, from now on, which outlives them or is followed by another one.
 * For events that only its tally knows it has to step.
 */
void timing_samples_move(struct timing_samples *samples, struct timing_model *model);
void timing_samples_free(struct timing_samples *samples);

/* Nothing has been counted. The model begins anew: what its tally says is the past. */
void timing_samples_clear(struct timing_samples *samples);
void timing_samples_begin(struct timing_samples *samples);

/* The instruction in this node has left, after these cycles by cause. */
void timing_samples_add(struct timing_samples *samples, u32 node,
			const u64 stack[TIMING_CAUSES], bool retires);

#endif
