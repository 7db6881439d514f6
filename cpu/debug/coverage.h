/* SPDX-License-Identifier: MIT */
/*
 * Code coverage: the basic blocks that the harts of a machine have entered. A block counts as
 * entered when it is decoded, which is done in order to execute it; so coverage costs nothing when
 * a decoded block is executed again. A trap may still leave the block before its end. Blocks that
 * are dropped from the block cache remain in the set. The interpreter has no blocks; for it, blocks
 * are formed from instructions each time one is executed.
 */
#ifndef CPU_DEBUG_COVERAGE_H
#define CPU_DEBUG_COVERAGE_H

#include "bus/base.h"

struct harts;

/*
 * A block, identified by both of its addresses: the same code at two virtual addresses is two
 * blocks.
 */
struct coverage_block {
	u64 pc, pa;
	u32 bytes;
};

struct coverage;

/*
 * Starts to record the blocks that the harts enter. The harts must outlive this. Returns NULL when
 * out of memory.
 */
struct coverage *coverage_create(struct harts *harts);
void coverage_free(struct coverage *coverage);

/*
 * Forgets the blocks, as if nothing had been executed. Decoded blocks are dropped, so that those
 * that are executed again are decoded again, which is when they are recorded.
 */
void coverage_clear(struct coverage *coverage);

/*
 * Stores the blocks, unordered, in an array that the caller frees. Returns 0, or -ENOMEM, also if
 * there was too little memory to record all blocks.
 */
int coverage_blocks(const struct coverage *coverage, struct coverage_block **blocks, size_t *count);

#endif
