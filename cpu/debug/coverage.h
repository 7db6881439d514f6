/* SPDX-License-Identifier: MIT */
/*
 * Code coverage: the basic blocks that the harts of a machine have entered. A block is entered when
 * it is decoded, which happens in order to execute it, so that coverage costs nothing while decoded
 * blocks are executed again; a trap may still leave it before its end. Blocks that are dropped stay
 * in the set. The interpreter, which has no blocks, forms them of the instructions, each time that
 * it executes one.
 */
#ifndef CPU_DEBUG_COVERAGE_H
#define CPU_DEBUG_COVERAGE_H

#include "bus/base.h"

struct harts;

/* A block, known by both of its addresses; the same code at two virtual addresses is two blocks. */
struct coverage_block {
	u64 pc, pa;
	u32 bytes;
};

struct coverage;

/* Records what the harts, which outlive it, enter from now on. NULL: no memory. */
struct coverage *coverage_create(struct harts *harts);
void coverage_free(struct coverage *coverage);

/*
 * Gets the blocks, in no order, in an array that the caller frees. Returns 0, or -ENOMEM also if
 * there was no memory to record them all.
 */
int coverage_blocks(const struct coverage *coverage, struct coverage_block **blocks, size_t *count);

#endif
