/* SPDX-License-Identifier: MIT */
/*
 * The latest records of a hart that no model has been given yet, and where they begin: what its
 * caches and predictors are warmed with once it is known that something is to be measured.
 */
#ifndef CPU_TIMING_HISTORY_H
#define CPU_TIMING_HISTORY_H

#include "cpu/timing/model.h"

/* Instructions that may be kept. */
#define TIMING_HISTORY_MAX 1000000

struct timing_history;

/* Of at most so many instructions. NULL: no memory. */
struct timing_history *timing_history_create(u64 instructions);
void timing_history_free(struct timing_history *history);

/* Nothing is known: what comes begins at `pc`, with this in force. */
void timing_history_begin(struct timing_history *history, u64 pc,
			  const struct timing_context *context);

/* The next records, each trap with its shadows. */
void timing_history_add(struct timing_history *history, const struct timing_record *records,
			unsigned count);

/* A model begins where the history does, and is given all of it; then nothing is left. */
void timing_history_replay(struct timing_history *history, struct timing_model *model);

/* How many records that are. */
u64 timing_history_count(const struct timing_history *history);

#endif
