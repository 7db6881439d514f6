/* SPDX-License-Identifier: MIT */
/*
 * The latest records of a hart, and the place where they begin. When something is to be measured, a
 * model's caches and predictors are warmed up with them.
 */
#ifndef CPU_TIMING_HISTORY_H
#define CPU_TIMING_HISTORY_H

#include "cpu/timing/model.h"

/* The most instructions that a history keeps. */
#define TIMING_HISTORY_MAX 1000000

struct timing_history;

/* Makes a history of at most `instructions` instructions. Returns NULL when out of memory. */
struct timing_history *timing_history_create(u64 instructions);
void timing_history_free(struct timing_history *history);

/* Forgets all records. The next ones begin at `pc`, with this context in force. */
void timing_history_begin(struct timing_history *history, u64 pc,
			  const struct timing_context *context);

/* Forgets all records; none may be added until the history begins again. */
void timing_history_end(struct timing_history *history);

/* Returns whether the history has begun and not ended. */
bool timing_history_goes_on(const struct timing_history *history);

/* Adds the next records. A trap and its shadows come in one call. */
void timing_history_add(struct timing_history *history, const struct timing_record *records,
			unsigned count);

/*
 * Resets a model to the place where the history begins, and has it consume all records, which the
 * history keeps.
 */
void timing_history_replay(const struct timing_history *history, struct timing_model *model);

/* Returns the number of records in the history. */
u64 timing_history_count(const struct timing_history *history);

#endif
