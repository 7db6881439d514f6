/* SPDX-License-Identifier: MIT */
/*
 * Decoded code: blocks of instructions found by physical address and code key, shared by the
 * harts of a machine. Translation never flushes them; a write to their page does, at once. A
 * block lies within a page and ends at the first jump or instruction that changes state; a branch
 * that is taken leaves it, one that is not goes on in it.
 */
#ifndef CPU_ENGINE_BLOCK_CACHE_H
#define CPU_ENGINE_BLOCK_CACHE_H

#include "bus/base.h"
#include "cpu/isa/isa.h"

struct bus;
struct hart;
struct ram;
struct timing_block;

struct block {
	u64 pa;
	u32 key; /* the hart's block_key it is for; 0: dropped */
	u8 count; /* instructions, without the end */
	u16 bytes; /* that it was decoded from */
	struct block *same_hash, *same_page;
	struct timing_block *timing; /* what timed runs of it have in common; else unused */
	struct insn insn[]; /* count of them, and OP_end_next or OP_end_leave; links between */
};

/* Branches, jumps and the end have a link behind them, in the place of an instruction. */
static inline bool block_has_link(enum insn_class class)
{
	return class == CLASS_BRANCH || class == CLASS_JUMP;
}

/* The link points to the block that came next, if it is in the same page; NULL: not yet known. */
static inline struct block **block_link(const struct insn *insn)
{
	return (struct block **)(uintptr_t)(insn + 1);
}

struct block_cache;

/* The harts whose views must be told; NULL when out of memory. */
struct block_cache *block_cache_create(struct hart *const *harts, unsigned hart_count);
void block_cache_free(struct block_cache *cache);

/* Watch a memory at physical address `base` for writes to pages with blocks. -ENOMEM or 0. */
int block_cache_watch(struct block_cache *cache, struct ram *ram, u64 base);

/* A guard is called when the 64 bytes about `pa`, in RAM, or others in its page are written. */
struct block_cache_guard {
	u64 pa;
	void (*written)(void *ctx, u64 pa, u64 len); /* before the bytes are */
	void *ctx;
};

/*
 * Have it hear of the next write; there is one at a time. Until then stores to the page cost what
 * those to pages with blocks cost, and to say it again costs nothing.
 */
void block_cache_guard(struct block_cache *cache, const struct bus *bus,
		       const struct block_cache_guard *guard);

/*
 * The block at hart->pc, decoded if need be. NULL: with *trapped, the fetch faults (hart->trap is
 * filled); else the instruction there cannot be in a block (it crosses a page, or PMP splits the
 * page) and must be interpreted.
 */
struct block *block_cache_find(struct hart *hart, bool *trapped);

/* At most so many instructions in a block from now on; 0: as many as is good. Drops all blocks. */
void block_cache_limit(struct block_cache *cache, unsigned insns);

/*
 * Instructions that are part of no block, so that a tier comes back to the run loop in front of
 * them: those whose pc has the same place in its page, and those with these bits; 0: none.
 */
struct block_cache_stops {
	u64 pc[4]; /* odd: none */
	u32 raw[2];
};

/* From now on; drops all blocks. */
void block_cache_stop(struct block_cache *cache, const struct block_cache_stops *stops);

/*
 * The same for a debugger: a bit for each place in a page. Borrowed; when bits change, to be said
 * again. NULL: none.
 */
void block_cache_break(struct block_cache *cache, const u64 *places);

/* Drop all blocks, as when the memory map changes. */
void block_cache_drop_all(struct block_cache *cache);

#endif
