/* SPDX-License-Identifier: MIT */
/* Memory as a hart's model sees it: as it was before what the model has not had yet. */
#ifndef CPU_TIMED_MEMORY_H
#define CPU_TIMED_MEMORY_H

#include "cpu/timed/timed.h"

/* These are functions of struct timing_host; ctx is a struct timed. */
bool timed_read_memory(void *ctx, u64 pa, void *data, size_t size);
bool timed_watch_code(void *ctx, u64 pa, size_t size);

/* Has code been written since this was asked? Of a model that is to be told what came behind. */
bool timed_look_at_code(struct timed *timed);

#endif
