/* SPDX-License-Identifier: MIT */
/* Threaded code that counts how often blocks are run, until they are hot. */
#ifndef CPU_JIT_THREADED_WARM_H
#define CPU_JIT_THREADED_WARM_H

#include "cpu/hart/hart.h"

struct block;

/*
 * Runs blocks, beginning with `block`, which is at hart->pc, as threaded_run does, but stops before
 * a block that has become hot, and sets hart->native.hot then.
 */
enum hart_exit warm_run(struct hart *hart, struct block *block);

/*
 * Ends a block that has become hot after the first branch that none of its runs has passed, unless
 * the branch is in a loop of the block or skips little, because the rest would mostly be translated
 * in vain. A block of which nothing was run here, as one that is timed, stays as it is.
 */
void warm_trim(struct block *block);

/* Returns the block at hart->pc, as block_cache_find does, but tries the view's jumps first. */
struct block *warm_next(struct hart *hart, bool *trapped);

#endif
