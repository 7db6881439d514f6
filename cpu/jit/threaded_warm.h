/* SPDX-License-Identifier: MIT */
/* Threaded code that counts how often blocks are run, until they are hot. */
#ifndef CPU_JIT_THREADED_WARM_H
#define CPU_JIT_THREADED_WARM_H

#include "cpu/hart/hart.h"

struct block;

/*
 * Runs from `block` on, which is at hart->pc, as threaded_run does, or until a block is hot; then
 * it sets hart->native.hot.
 */
enum hart_exit warm_run(struct hart *hart, struct block *block);

/* Returns the block at hart->pc, as block_cache_find does, at first from the view's jumps. */
struct block *warm_next(struct hart *hart, bool *trapped);

#endif
