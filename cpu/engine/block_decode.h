/* SPDX-License-Identifier: MIT */
/* Decodes the instructions of a block (block.h). */
#ifndef CPU_ENGINE_BLOCK_DECODE_H
#define CPU_ENGINE_BLOCK_DECODE_H

#include "cpu/engine/block_cache.h"

/* The rules by which a block ends before an instruction that it could contain. */
struct block_limits {
	unsigned insns; /* the maximum number in a block */
	struct block_cache_stops stops;
	const u64 *breaks; /* the array of block_cache_break */
	bool branches; /* branches end blocks, too */
	bool places; /* some stops are given by their offset in a page */
};

/* Returns whether there is a stop at this pc, of which only the offset in its page is used. */
bool block_stops_at(const struct block_limits *limits, u64 pc);

/*
 * Decodes the code at hart->pc. `host` is its address in the host's memory, and `left` the number
 * of bytes up to the end of the page. Sets the block's instructions, count, bytes, key_mask and
 * excluded_key, and returns the address after the block. NULL: the limits allow no block; or the
 * first instruction crosses the page's end, and either a timing model must note it, or the TLB
 * lacks the other page.
 */
void *block_decode(struct hart *hart, struct block *block, const u8 *host, u64 left,
		   const struct block_limits *limits);

/* Lists the instructions of the block at hart->pc (-d in_asm). */
void block_log(struct hart *hart, const struct block *block);

#endif
