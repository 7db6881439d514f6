/* SPDX-License-Identifier: MIT */
/* The sizes and latencies of a core of kind cva6; params.def describes each of them. */
#ifndef CPU_TIMING_CVA6_PARAMS_H
#define CPU_TIMING_CVA6_PARAMS_H

#include "bus/base.h"

/* The limits of params.def, as sizes of arrays. */
#define CVA6_SLOTS_MAX 32 /* scoreboard entries */
#define CVA6_QUEUE_MAX 16
#define CVA6_STORES_MAX 16
#define CVA6_WORDS_MAX 16
#define CVA6_WRITES_MAX 8
#define CVA6_REQUESTS_MAX 4
#define CVA6_LINE_MAX 64

struct cva6_params {
#define PARAM(group, name, value, min, max, unit, source) u64 group##_##name;
#include "cpu/timing/cva6/params.def"
#undef PARAM
};

extern const struct cva6_params cva6_default_params;

/* Returns whether loads and fetches of this physical address go through the caches. */
static inline bool cva6_is_cached(const struct cva6_params *params, u64 pa)
{
	return pa - params->memory_cached_base < params->memory_cached_size;
}

#endif
