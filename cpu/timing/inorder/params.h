/* SPDX-License-Identifier: MIT */
/* The numbers that make a core of kind inorder; what each is says params.def. */
#ifndef CPU_TIMING_INORDER_PARAMS_H
#define CPU_TIMING_INORDER_PARAMS_H

#include "bus/base.h"

/* The most that params.def allows, for arrays. */
#define INORDER_QUEUE_MAX 32
#define INORDER_TARGETS_MAX 16
#define INORDER_WINDOW_MAX 64
#define INORDER_ACCESSES_MAX 8
#define INORDER_STORES_MAX 32
#define INORDER_WORDS_MAX 32
#define INORDER_WRITES_MAX 16
#define INORDER_MISSES_MAX 16

struct inorder_params {
#define PARAM(group, name, value, min, max, unit, source) u64 group##_##name;
#include "cpu/timing/inorder/params.def"
#undef PARAM
};

/* What the words of a choice stand for. */
enum { INORDER_LRU, INORDER_RANDOM, INORDER_FIFO };
enum { INORDER_BACKWARD, INORDER_NEVER };
enum { INORDER_BTB_INDIRECT, INORDER_BTB_ALL };
enum { INORDER_THROUGH, INORDER_BACK };
enum { INORDER_FLUSH_NEVER, INORDER_FLUSH_STATUS, INORDER_FLUSH_ALWAYS };

/* What contradicts what among the values, in the order of params.def; NULL: nothing. */
const char *inorder_contradiction(const u64 *values);

/* Do caches hold this physical address? */
static inline bool inorder_is_cached(const struct inorder_params *params, u64 pa)
{
	return pa - params->memory_cached_base < params->memory_cached_size;
}

#endif
