/* SPDX-License-Identifier: MIT */
/* The parameters of a core of kind inorder; params.def describes each. */
#ifndef CPU_TIMING_INORDER_PARAMS_H
#define CPU_TIMING_INORDER_PARAMS_H

#include "bus/base.h"

/* The limits of params.def, as sizes of arrays. */
#define INORDER_QUEUE_MAX 32
#define INORDER_TARGETS_MAX 16
#define INORDER_WINDOW_MAX 64
#define INORDER_ACCESSES_MAX 8
#define INORDER_STORES_MAX 32
#define INORDER_WORDS_MAX 32
#define INORDER_WRITES_MAX 16
#define INORDER_MISSES_MAX 16
#define INORDER_VECTORS_MAX 32

#define INORDER_EXTENTS 8 /* vector stores that loads are compared with */

struct inorder_params {
#define PARAM(group, name, value, min, max, unit, source) u64 group##_##name;
#include "cpu/timing/inorder/params.def"
#undef PARAM
};

/* The values of words, in the order of params.def. */
enum { INORDER_LRU, INORDER_RANDOM, INORDER_FIFO };
enum { INORDER_BACKWARD, INORDER_NEVER };
enum { INORDER_BTB_INDIRECT, INORDER_BTB_ALL };
enum { INORDER_STEPS_ALL, INORDER_STEPS_SIGNIFICANT, INORDER_STEPS_WRAPPED };
enum { INORDER_THROUGH, INORDER_BACK };
enum { INORDER_SEQUENCER, INORDER_SEQUENCERS };
enum { INORDER_FLUSH_NEVER, INORDER_FLUSH_STATUS, INORDER_FLUSH_ALWAYS };

/*
 * Returns a sentence about values, in the order of params.def, that contradict each other; or NULL.
 */
const char *inorder_contradiction(const u64 *values);

/* timing_vlen() and timing_most() of a core. */
u64 inorder_vlen(const u64 *values);
u64 inorder_most(const u64 *values, u64 elements);

/* Returns whether caches hold this physical address. */
static inline bool inorder_is_cached(const struct inorder_params *params, u64 pa)
{
	return pa - params->memory_cached_base < params->memory_cached_size;
}

#endif
