/* SPDX-License-Identifier: MIT */
/*
 * Decoded code: blocks of instructions, found by physical address and block key, which the harts of
 * a machine share. A change of translation never drops them; a write to the RAM_PIECEs in which
 * their bytes are does, at once.
 */
#ifndef CPU_ENGINE_BLOCK_CACHE_H
#define CPU_ENGINE_BLOCK_CACHE_H

#include "cpu/engine/block.h"

struct bus;
struct hart;
struct ram;

struct block_cache;

/*
 * The interface by which the cache tells the native tier of blocks; without a tier it is all NULL.
 */
struct block_native {
	const void *entry; /* of blocks without native code */
	u16 threshold; /* how often a block is run before it is translated */
	/* This one is dropped, which has native code. Returns how many links were visited. */
	u64 (*drop)(void *ctx, struct block *block);
	void (*reset)(void *ctx); /* all blocks are dropped */
	void *ctx;
};

/* Sets the native tier and drops all blocks. */
void block_cache_native(struct block_cache *cache, const struct block_native *native);

/*
 * `harts` are those whose TLB views lose rights to pages with code. Returns NULL when out of
 * memory.
 */
struct block_cache *block_cache_create(struct hart *const *harts, unsigned hart_count);
void block_cache_free(struct block_cache *cache);

/*
 * Watches a memory at physical address `base` for writes to bytes of blocks. Returns -ENOMEM or
 * 0.
 */
int block_cache_watch(struct block_cache *cache, struct ram *ram, u64 base);

/* A guard is called when the 64 bytes around `pa`, in RAM, or others in its page are written. */
struct block_cache_guard {
	u64 pa;
	void (*written)(void *ctx, u64 pa, u64 len); /* called before the bytes change */
	void *ctx;
};

/*
 * Sets the cache's one guard, for the next write. Until then stores to the page cost what those to
 * pages with blocks cost. Setting it again costs nothing.
 */
void block_cache_guard(struct block_cache *cache, const struct bus *bus,
		       const struct block_cache_guard *guard);

/*
 * Returns the block at hart->pc, decoded if need be. NULL with *trapped: the fetch faults
 * (hart->trap is filled in). NULL without it: the instruction there cannot be in a block (it
 * is a stop, PMP splits the page, or block_decode.h says so) and must be interpreted. At a stop
 * that a pc's offset makes nothing is fetched: the run loop looks before a fault is raised.
 */
struct block *block_cache_find(struct hart *hart, bool *trapped);

/*
 * Returns the block at pc if it is decoded and the view for fetches has its page; else NULL, with
 * nothing done that the guest could see.
 */
const struct block *block_cache_known(struct hart *hart, u64 pc);

/* Sets the most instructions of a block from now on; 0 is the default. Drops all blocks. */
void block_cache_limit(struct block_cache *cache, unsigned insns);

/*
 * Instructions that are in no block, so that a tier returns to the run loop in front of them: those
 * at these pcs' offsets in any page, and those with these bits (0: none).
 */
struct block_cache_stops {
	u64 pc[4]; /* an odd one stands for none */
	u32 raw[2];
};

/* Sets the stops from now on and drops all blocks. */
void block_cache_stop(struct block_cache *cache, const struct block_cache_stops *stops);

/*
 * Sets such stops for a debugger: a bit for each offset in a page, or NULL for none. The array is
 * borrowed; call this again when bits change.
 */
void block_cache_break(struct block_cache *cache, const u64 *places);

/* Returns whether the bit of the pc's offset in its page is set. */
static inline bool block_cache_breaks_at(const u64 *places, u64 pc)
{
	u64 place = (pc & ~PAGE_MASK) / 2;

	return places[place / 64] >> place % 64 & 1;
}

/*
 * Blocks decoded since the cache was created, those of them that were dropped, and how many blocks
 * and links were visited for the longest eviction: the harts stand still meanwhile.
 */
struct block_cache_stats {
	u64 decoded, dropped, visited;
};
void block_cache_stats(const struct block_cache *cache, struct block_cache_stats *stats);

/*
 * Harts forget the ways into native code that they remember: its memory is going to be used again.
 */
void block_cache_forget_entries(struct block_cache *cache);

/* Drops all blocks, as is needed when the memory map changes. */
void block_cache_drop_all(struct block_cache *cache);

#endif
