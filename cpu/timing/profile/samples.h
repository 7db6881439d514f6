/* SPDX-License-Identifier: MIT */
/*
 * Events by call stack. Either all are counted, or one of every `period` events is sampled: the
 * instruction that retires next stands for all of them.
 */
#ifndef CPU_TIMING_PROFILE_SAMPLES_H
#define CPU_TIMING_PROFILE_SAMPLES_H

#include "cpu/timing/profile/call_places.h"
#include "cpu/timing/profile/calls.h"
#include "cpu/timing/tally.h"

struct timing_model;

struct timing_samples {
	struct calls *calls;
	struct call_places places; /* empty unless timing_samples_places was called */
	const struct timing_tally *tally; /* the tally of the model */
	u64 events; /* a bit for each event that is counted (enum timing_event) */
	u64 period; /* events per sample; 1: all are counted */
	u64 tallied; /* the number of these events in the tally when it was last read */
	u64 rest; /* the number of events since the last sample */
};

/*
 * Makes samples of the events of a selector (event.h); `names` is copied. Returns NULL when out of
 * memory.
 */
struct timing_samples *timing_samples_create(const struct place_names *names, const struct isa *isa,
					     u64 events, u64 period);

/*
 * Counts the events of this model from now on. It must outlive the samples, unless this is called
 * again with another. If some events are only in its tally, it steps everything from now on.
 */
void timing_samples_move(struct timing_samples *samples, struct timing_model *model);

/* Counts by instruction, too, from now on. Returns 0 or -ENOMEM. */
int timing_samples_places(struct timing_samples *samples);
void timing_samples_free(struct timing_samples *samples);

/*
 * timing_samples_clear sets all counts to 0. timing_samples_begin notes that the model was reset:
 * the events in its tally were counted before.
 */
void timing_samples_clear(struct timing_samples *samples);
void timing_samples_begin(struct timing_samples *samples);

/* Called when the instruction at `place`, in this node, retires after these cycles by cause. */
void timing_samples_add(struct timing_samples *samples, u32 node, u64 place,
			const u64 stack[TIMING_CAUSES], bool retires);

#endif
