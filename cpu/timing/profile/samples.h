/* SPDX-License-Identifier: MIT */
/*
 * Events by call stack: either all are counted, or every so many a sample is taken, the instruction
 * that retires next, which stands for as many.
 */
#ifndef CPU_TIMING_PROFILE_SAMPLES_H
#define CPU_TIMING_PROFILE_SAMPLES_H

#include "cpu/timing/profile/call_places.h"
#include "cpu/timing/profile/calls.h"
#include "cpu/timing/tally.h"

struct timing_model;

struct timing_samples {
	struct calls *calls;
	struct call_places places; /* none, unless they are asked for */
	const struct timing_tally *tally; /* the tally of the model */
	u64 events; /* a bit for each event that is counted (enum timing_event) */
	u64 period; /* events for a sample; 1: all are counted */
	u64 tallied; /* their count in the tally when it was last read */
	u64 rest; /* events since the last sample */
};

/*
 * Make samples of the events of a selector (event.h); `names` is copied. Return NULL where there is
 * no memory.
 */
struct timing_samples *timing_samples_create(const struct place_names *names, u64 events,
					     u64 period);

/*
 * Count the events of this model from now on, which outlives the samples or is followed by another
 * one. The model has to be stepped for events that only its tally knows.
 */
void timing_samples_move(struct timing_samples *samples, struct timing_model *model);

/* Count by instruction as well from now on. Return 0 or -ENOMEM. */
int timing_samples_places(struct timing_samples *samples);
void timing_samples_free(struct timing_samples *samples);

/*
 * Set all counts to 0. The second function says that the model begins anew: what its tally has was
 * counted before.
 */
void timing_samples_clear(struct timing_samples *samples);
void timing_samples_begin(struct timing_samples *samples);

/* The instruction at `place` in this node has retired, after these cycles by cause. */
void timing_samples_add(struct timing_samples *samples, u32 node, u64 place,
			const u64 stack[TIMING_CAUSES], bool retires);

#endif
