/* SPDX-License-Identifier: MIT */
/*
 * The block cache: decoded instructions in blocks, found by physical address and block key. The
 * harts of a machine share it. A change of translation drops no block. A write to a RAM_PIECE that
 * contains bytes of a block drops it at once.
 */
#ifndef CPU_ENGINE_BLOCK_CACHE_H
#define CPU_ENGINE_BLOCK_CACHE_H

#include "cpu/engine/block.h"

struct bus;
struct hart;
struct ram;

struct block_cache;

/* The interface to the native tier, which the cache calls; all NULL without that tier. */
struct block_native {
	const void *entry; /* `entry` of blocks without native code */
	u16 threshold; /* `countdown` of new blocks: the runs before a block is translated */
	/* Called when a block with native code is dropped. Returns the number of links visited. */
	u64 (*drop)(void *ctx, struct block *block);
	void (*reset)(void *ctx); /* called when all blocks are dropped */
	void *ctx;
};

/* Sets the native tier and drops all blocks. */
void block_cache_native(struct block_cache *cache, const struct block_native *native);

/*
 * Creates the cache for the machine's harts, whose TLB views lose the right to write to pages with
 * code. Returns NULL when out of memory.
 */
struct block_cache *block_cache_create(struct hart *const *harts, unsigned hart_count);
void block_cache_free(struct block_cache *cache);

/*
 * Starts to drop blocks when their bytes in this memory, at physical address `base`, are written.
 * Returns 0 or -ENOMEM.
 */
int block_cache_watch(struct block_cache *cache, struct ram *ram, u64 base);

/*
 * A guard: a function that is called once, when memory near `pa` is written, which is in RAM: the
 * 64 bytes around it, or other bytes of its page.
 */
struct block_cache_guard {
	u64 pa;
	void (*written)(void *ctx, u64 pa, u64 len); /* called before the bytes change */
	void *ctx;
};

/*
 * Sets the guard of the cache, which has only one, for the next write. Until then stores to the
 * page are as slow as those to pages with blocks. Setting the same guard again costs nothing.
 */
void block_cache_guard(struct block_cache *cache, const struct bus *bus,
		       const struct block_cache_guard *guard);

/*
 * Returns the block at hart->pc, which it decodes if necessary. NULL with *trapped set: the fetch
 * faults, and hart->trap is filled in. NULL otherwise: the instruction must be interpreted, because
 * it is a stop, because PMP splits the page, or for a reason given in block_decode.h. At a stop by
 * pc nothing is fetched, so that the run loop can check it before a fault is raised.
 */
struct block *block_cache_find(struct hart *hart, bool *trapped);

/*
 * Returns the block at pc if it has been decoded and the view for fetches has its page, else NULL.
 * Has no effect that the guest can notice.
 */
const struct block *block_cache_known(struct hart *hart, u64 pc);

/*
 * Sets the maximum number of instructions of the blocks decoded from now on; 0: the default. Drops
 * all blocks.
 */
void block_cache_limit(struct block_cache *cache, unsigned insns);

/*
 * Makes blocks end with branches, too, so that they are basic blocks, and makes them be decoded
 * separately for each virtual address. Drops all blocks.
 */
void block_cache_basic(struct block_cache *cache);

/*
 * Stops: instructions that are in no block, so that a tier returns to the run loop before them.
 * They are given by pc, of which only the offset in the page is compared, or by their bits (0:
 * none).
 */
struct block_cache_stops {
	u64 pc[4]; /* an odd one stands for none */
	u32 raw[2];
};

/* Sets the stops, and drops all blocks. */
void block_cache_stop(struct block_cache *cache, const struct block_cache_stops *stops);

/*
 * Sets stops for a debugger: one bit for each two bytes of a page; NULL: none. The caller keeps the
 * array, and calls this again when bits change.
 */
void block_cache_break(struct block_cache *cache, const u64 *places);

/* Returns whether there is a stop at the pc's offset in its page. */
static inline bool block_cache_breaks_at(const u64 *places, u64 pc)
{
	u64 place = (pc & ~PAGE_MASK) / 2;

	return places[place / 64] >> place % 64 & 1;
}

/*
 * Counts since the cache was created: blocks decoded, and those of them dropped. `visited` is the
 * number of blocks and links visited in the longest eviction, during which the harts stand still.
 */
struct block_cache_stats {
	u64 decoded, dropped, visited;
};
void block_cache_stats(const struct block_cache *cache, struct block_cache_stats *stats);

/*
 * Makes the harts forget the entries of native code that they remember, because its memory will be
 * reused.
 */
void block_cache_forget_entries(struct block_cache *cache);

/* Drops all blocks, as is needed when the memory map changes. */
void block_cache_drop_all(struct block_cache *cache);

#endif
