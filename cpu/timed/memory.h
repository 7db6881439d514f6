/* SPDX-License-Identifier: MIT */
/*
 * Memory as a hart's model sees it: without the stores of instructions that the model has not
 * consumed yet.
 */
#ifndef CPU_TIMED_MEMORY_H
#define CPU_TIMED_MEMORY_H

#include "cpu/timed/timed.h"

/* Functions of struct timing_host; ctx is a struct timed. */
bool timed_read_memory(void *ctx, u64 pa, void *data, size_t size);
bool timed_watch_code(void *ctx, u64 pa, size_t size);

/*
 * Returns whether code was written since the last call. Then the count of code changes for the
 * model (timing_host) has been increased.
 */
bool timed_code_changed(struct timed *timed);

#endif
