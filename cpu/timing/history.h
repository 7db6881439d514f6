/* SPDX-License-Identifier: MIT */
/*
 * The latest records of a hart that no model has been given yet, and where they begin. A model's
 * caches and predictors are warmed up with them once it is known that something is to be measured.
 */
#ifndef CPU_TIMING_HISTORY_H
#define CPU_TIMING_HISTORY_H

#include "cpu/timing/model.h"

/* A history keeps no more instructions than these. */
#define TIMING_HISTORY_MAX 1000000

struct timing_history;

/* Make a history of at most so many instructions. Return NULL where there is no memory. */
struct timing_history *timing_history_create(u64 instructions);
void timing_history_free(struct timing_history *history);

/* Forget all records: those to come begin at `pc`, with this context in force. */
void timing_history_begin(struct timing_history *history, u64 pc,
			  const struct timing_context *context);

/* Add the next records, each trap with its shadows. */
void timing_history_add(struct timing_history *history, const struct timing_record *records,
			unsigned count);

/*
 * Reset a model to where the history begins and have it consume all of the history, which is empty
 * then.
 */
void timing_history_replay(struct timing_history *history, struct timing_model *model);

/* Returns the number of records in the history. */
u64 timing_history_count(const struct timing_history *history);

#endif
