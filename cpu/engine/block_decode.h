/* SPDX-License-Identifier: MIT */
/* Decodes the instructions of a block (block.h). */
#ifndef CPU_ENGINE_BLOCK_DECODE_H
#define CPU_ENGINE_BLOCK_DECODE_H

#include "cpu/engine/block_cache.h"

/* Where blocks end in front of what could be in them. */
struct block_limits {
	unsigned insns; /* the most of a block */
	struct block_cache_stops stops;
	const u64 *breaks; /* as block_cache_break has them */
	bool places; /* there are stops at some offset in a page */
};

/* Returns whether there is a stop at this offset of a page, or at that of this pc. */
bool block_stops_at(const struct block_limits *limits, u64 pc);

/*
 * Decodes for the hart what is at `host`, the code at hart->pc, of which `left` bytes are in the
 * page, and sets what the block has of it: its instructions, count, bytes, key_mask and unlike.
 * Returns the address behind the block; NULL if the limits allow none, or if the instruction there
 * crosses the page's end and it is for a model, or the TLB lacks the other page.
 */
void *block_decode(struct hart *hart, struct block *block, const u8 *host, u64 left,
		   const struct block_limits *limits);

/* Lists the instructions of the block at hart->pc (-d in_asm). */
void block_log(struct hart *hart, const struct block *block);

#endif
