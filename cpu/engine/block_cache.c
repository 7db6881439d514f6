/* SPDX-License-Identifier: MIT */
/*
 * The block cache: an arena of chunks, of which the oldest is used again when all are full, a hash
 * table by physical address, and lists by page for invalidation. A dropped block stays readable
 * until its chunk is used again, which happens only when a new block is decoded, so a tier may
 * finish the block that it runs.
 */
#include "cpu/engine/block_cache.h"

#include "bus/bus.h"
#include "bus/platform.h"
#include "cpu/engine/block_chunks.h"
#include "cpu/engine/block_decode.h"
#include "cpu/hart/hart.h"
#include "cpu/hart/limits.h"
#include "cpu/mmu/mem.h"
#include "cpu/mmu/tlb.h"
#include "cpu/mmu/view.h"
#include "cpu/timing/run.h"

#include <errno.h>
#include <stdlib.h>

/*
 * After a write to a piece with code, this many more such writes to the same page, without one to
 * another page and without code being decoded there, make it a page of data: all of its blocks are
 * dropped.
 */
#define CODE_WRITES_MOST 8
#define NO_PAGE UINT64_MAX

/* A memory that is watched for writes: the data of its callback. */
struct watched_ram {
	struct block_cache *cache;
	struct ram *ram;
	u64 base;
	struct watched_ram *next;
};

struct block_cache {
	struct hart *const *harts;
	unsigned hart_count;
	struct block *hash[BLOCK_CACHE_HASH_MAX];
	struct block *page[BLOCK_CACHE_PAGES_MAX];
	struct watched_ram *watches;
	struct block_cache_guard guard; /* no function: there is no guard */
	u64 code_write_page; /* the page whose code was written last; NO_PAGE: decoded since */
	unsigned code_writes; /* how often in succession, after the first time */
	struct block_limits limits;
	struct block_native native;
	struct block_cache_stats stats;
	struct block_chunks chunks;
};

/*
 * The size of the largest block, in which each instruction and the end has a link, with the
 * description for timed runs.
 */
#define BLOCK_MAX                                                                                  \
	(sizeof(struct block) + 2 * (BLOCK_INSNS + 1) * sizeof(struct insn) +                      \
	 timing_block_size(BLOCK_INSNS) + 8)

struct block_cache *block_cache_create(struct hart *const *harts, unsigned hart_count)
{
	struct block_cache *cache = calloc(1, sizeof(*cache));

	if (!cache)
		return NULL;
	cache->harts = harts;
	cache->hart_count = hart_count;
	cache->code_write_page = NO_PAGE;
	cache->limits = (struct block_limits){
		.insns = BLOCK_INSNS, .stops = { .pc = { 1, 1, 1, 1 } },
	};
	if (!block_chunks_init(&cache->chunks)) {
		free(cache);
		return NULL;
	}
	return cache;
}

void block_cache_free(struct block_cache *cache)
{
	struct watched_ram *next;

	if (!cache)
		return;
	for (struct watched_ram *watch = cache->watches; watch; watch = next) {
		next = watch->next;
		free(watch);
	}
	block_chunks_free(&cache->chunks);
	free(cache);
}

static struct block **hash_slot(struct block_cache *cache, u64 pa)
{
	return &cache->hash[(pa >> 3 ^ pa >> 17) % BLOCK_CACHE_HASH];
}

static struct block **page_slot(struct block_cache *cache, u64 pa)
{
	return &cache->page[(pa >> PAGE_SHIFT) % BLOCK_CACHE_PAGES];
}

static void enter_block(struct block_cache *cache, struct block *block)
{
	struct block **hash = hash_slot(cache, block->pa), **page = page_slot(cache, block->pa);

	block->same_hash = *hash;
	block->same_page = *page;
	block->page_at = page;
	if (*page)
		(*page)->page_at = &block->same_page;
	*hash = *page = block;
}

/*
 * Removes a block from the hash table and the list of its page. Returns how many other blocks were
 * visited.
 */
static u64 remove_block(struct block_cache *cache, struct block *block)
{
	struct block **at = hash_slot(cache, block->pa);
	u64 visited = 0;

	for (; *at != block; visited++)
		at = &(*at)->same_hash;
	*at = block->same_hash;
	*block->page_at = block->same_page;
	if (block->same_page)
		block->same_page->page_at = block->page_at;
	return visited;
}

/*
 * Drops a block, which stays readable. `dropped` is the memory around it whose blocks are all being
 * dropped. Returns how many blocks and links were visited.
 */
static u64 drop_block(struct block_cache *cache, struct block *block, struct block_span dropped)
{
	u64 visited = 1 + remove_block(cache, block) + block_cut_links(block, dropped);

	if (block->direct)
		visited += cache->native.drop(cache->native.ctx, block);
	block->key = 0;
	block->entry = cache->native.entry;
	block->direct = NULL;
	block_chunks_drop(&cache->chunks, block);
	cache->stats.dropped++;
	return visited;
}

/* Counts a write to bytes with code of a page. Returns whether the page becomes a page of data. */
static bool count_code_write(struct block_cache *cache, u64 page)
{
	cache->code_writes = cache->code_write_page == page ? cache->code_writes + 1 : 0;
	cache->code_write_page = page;
	return cache->code_writes >= CODE_WRITES_MOST;
}

/*
 * Drops the page's blocks that have bytes in these pieces. Returns the pieces of its other blocks.
 */
static u64 drop_pieces(struct block_cache *cache, u64 page, u64 pieces)
{
	u64 kept = 0;

	for (struct block *block = *page_slot(cache, page), *next; block; block = next) {
		u64 own = ram_pieces(block->pa, block->bytes) | block->pieces;

		next = block->same_page;
		if ((block->pa & PAGE_MASK) != page)
			continue;
		if (own & pieces)
			drop_block(cache, block, block_span(block));
		else
			kept |= own;
	}
	return kept;
}

/*
 * Called when bytes with code are being written: drops their blocks, and lets the other blocks of
 * the page be watched further.
 */
static void before_code_write(void *ctx, u64 offset, u64 len)
{
	struct watched_ram *watch = ctx;
	struct block_cache *cache = watch->cache;
	u64 page = (watch->base + offset) & PAGE_MASK, pieces = ram_pieces(offset, len);

	if (count_code_write(cache, page))
		pieces = UINT64_MAX;
	watch->ram->watch[offset >> PAGE_SHIFT].code = drop_pieces(cache, page, pieces);
	if (cache->guard.written && (cache->guard.pa & PAGE_MASK) == page)
		cache->guard.written(cache->guard.ctx, watch->base + offset, len);
	/* The hart that writes may be running one of the dropped blocks, and must leave it. */
	for (unsigned n = 0; n < cache->hart_count; n++)
		cache->harts[n]->stop = true;
}

int block_cache_watch(struct block_cache *cache, struct ram *ram, u64 base)
{
	struct watched_ram *watch = malloc(sizeof(*watch));

	if (!watch)
		return -ENOMEM;
	*watch = (struct watched_ram){
		.cache = cache, .ram = ram, .base = base, .next = cache->watches,
	};
	cache->watches = watch;
	ram->before_code_write = before_code_write;
	ram->code_ctx = watch;
	return 0;
}

/* Reports to the timing models everything that their harts have done. */
static void block_cache_synchronize(struct block_cache *cache)
{
	for (unsigned n = 0; n < cache->hart_count; n++)
		hart_synchronize(cache->harts[n]);
}

/*
 * Makes the harts forget their jumps to blocks in a range of memory, which is about to be used
 * again.
 */
static void forget_jumps(struct block_cache *cache, const u8 *begin, size_t size)
{
	const struct tlb_range gone = { (u64)(uintptr_t)begin, (u64)(uintptr_t)(begin + size) };

	for (unsigned n = 0; n < cache->hart_count; n++) {
		hart_forget_code(cache->harts[n], &gone);
		cache->harts[n]->stop = true;
	}
}

void block_cache_forget_entries(struct block_cache *cache)
{
	for (unsigned n = 0; n < cache->hart_count; n++)
		hart_forget_code(cache->harts[n], &(struct tlb_range){ 0, UINT64_MAX });
}

/*
 * Clears the hash table and the lists. If only one chunk was used, it clears just the entries of
 * its blocks: most pages of these large tables are then not even resident.
 */
static void clear_tables(struct block_cache *cache)
{
	const struct block_chunk *now = cache->chunks.now;

	if (cache->chunks.count > 1) {
		memset(cache->hash, 0, sizeof(cache->hash));
		memset(cache->page, 0, sizeof(cache->page));
		return;
	}
	for (struct block *block = block_chunk_walk(now, NULL); block;
	     block = block_chunk_walk(now, block))
		*hash_slot(cache, block->pa) = *page_slot(cache, block->pa) = NULL;
}

void block_cache_drop_all(struct block_cache *cache)
{
	block_cache_synchronize(cache);
	clear_tables(cache);
	cache->stats.dropped += block_chunks_clear(&cache->chunks);
	if (cache->native.reset)
		cache->native.reset(cache->native.ctx);
	forget_jumps(cache, cache->chunks.arena, BLOCK_CACHE_ARENA);
}

static void drop_chunk(struct block_cache *cache, const struct block_chunk *chunk)
{
	const struct block_span span = { chunk->begin, chunk->begin + BLOCK_CHUNK_SIZE };
	u64 visited = 0;

	for (struct block *block = block_chunk_walk(chunk, NULL); block;
	     block = block_chunk_walk(chunk, block))
		visited += block->key ? drop_block(cache, block, span) : 1;
	cache->stats.visited = MAX(cache->stats.visited, visited);
}

/* Begins the next chunk, whose old blocks are dropped. */
static void next_chunk(struct block_cache *cache)
{
	struct block_chunk *chunk = block_chunks_oldest(&cache->chunks);

	if (chunk->used) {
		block_cache_synchronize(cache);
		drop_chunk(cache, chunk);
		forget_jumps(cache, chunk->begin, BLOCK_CHUNK_SIZE);
	}
	block_chunks_begin(&cache->chunks, chunk);
}

void block_cache_stats(const struct block_cache *cache, struct block_cache_stats *stats)
{
	*stats = cache->stats;
}

void block_cache_native(struct block_cache *cache, const struct block_native *native)
{
	cache->native = *native;
	block_cache_drop_all(cache);
}

void block_cache_limit(struct block_cache *cache, unsigned insns)
{
	cache->limits.insns = insns ? MIN(insns, BLOCK_INSNS) : BLOCK_INSNS;
	block_cache_drop_all(cache);
}

void block_cache_basic(struct block_cache *cache)
{
	cache->limits.branches = true;
	block_cache_drop_all(cache);
}

static void stops_changed(struct block_cache *cache)
{
	struct block_limits *limits = &cache->limits;

	limits->places = limits->breaks;
	for (unsigned n = 0; n < ARRAY_SIZE(limits->stops.pc); n++)
		limits->places = limits->places || !(limits->stops.pc[n] & 1);
	block_cache_drop_all(cache);
}

void block_cache_stop(struct block_cache *cache, const struct block_cache_stops *stops)
{
	cache->limits.stops = *stops;
	stops_changed(cache);
}

void block_cache_break(struct block_cache *cache, const u64 *places)
{
	cache->limits.breaks = places;
	stops_changed(cache);
}

/* Makes stores to the page noticed from now on; those to these pieces will drop blocks. */
static void mark_code(struct block_cache *cache, const struct bus *bus, u64 pa, u64 len)
{
	const struct region *region = bus_find(bus, pa);
	u64 offset = (pa & PAGE_MASK) - region->base;
	u64 *marks = &region->ram->watch[offset >> PAGE_SHIFT].code;

	if (!*marks) {
		/*
		 * Timing models rely on this: no run that was not yet reported to them has stored
		 * to a page that is marked now.
		 */
		block_cache_synchronize(cache);
		for (unsigned n = 0; n < cache->hart_count; n++)
			tlb_protect(cache->harts[n]->tlb,
				    (u64)(uintptr_t)(region->ram->host + offset));
	}
	*marks |= ram_pieces(pa, len);
}

void block_cache_guard(struct block_cache *cache, const struct bus *bus,
		       const struct block_cache_guard *guard)
{
	cache->guard = *guard;
	mark_code(cache, bus, guard->pa, 1);
}

/*
 * Returns `mapped` of blocks at pc. Basic blocks are for one virtual address, so that each is
 * decoded for every address at which it is executed. Their links lead only to blocks of the page,
 * and so to those of their own mapping.
 */
static u64 mapped_by(const struct block_cache *cache, u64 pc, u64 pa)
{
	return cache->limits.branches ? pc - pa : 0;
}

/* Returns the bytes of its instructions, also of those that it has only in part. */
static unsigned block_length(const struct block *block)
{
	return block->insn->op == OP_page_crossing ? 4 : block->bytes;
}

static struct block *block_cache_decode(struct hart *hart, u64 pa, const u8 *host)
{
	struct block_cache *cache = hart->blocks;
	struct block *block = block_chunks_next(&cache->chunks, BLOCK_MAX);
	u8 *end;

	if (!block) {
		next_chunk(cache);
		block = block_chunks_next(&cache->chunks, BLOCK_MAX);
	}
	end = block_decode(hart, block, host, PAGE_SIZE - (pa & ~PAGE_MASK), &cache->limits);
	if (!end)
		return NULL;
	block->pa = pa;
	block->mapped = mapped_by(cache, hart->pc, pa);
	block->key = hart->block_key & block->key_mask;
	block->countdown = cache->native.threshold;
	block->entry = cache->native.entry;
	block->direct = NULL;
	block->code = 0;
	block->reached = 0;
	block->pieces = 0;
	/* Kernels change stacks and page tables too often for sites to pay. */
	block->unsited = hart->priv == PRIV_S ? UINT64_MAX : 0;
	block->links = NULL;
	if (cache->code_write_page == (pa & PAGE_MASK))
		cache->code_write_page = NO_PAGE;
	if (hart->hooks.describe)
		end = hart->hooks.describe(hart, block, cache->stats.decoded, end);
	cache->stats.decoded++;
	enter_block(cache, block);
	block_chunks_take(&cache->chunks, block, end);
	mark_code(cache, &hart->platform->bus, pa, block->bytes);
	if (log_on(&hart->platform->log, LOG_IN_ASM))
		block_log(hart, block);
	if (unlikely(hart->hooks.entered))
		hart->hooks.entered(hart, block_length(block), true);
	return block;
}

/*
 * Returns the block at pa, mapped at pc, that is decoded for the hart's block_key, or NULL. It
 * becomes the first one of its hash chain, because it is likely to be searched again.
 */
static struct block *known_block(const struct hart *hart, u64 pc, u64 pa)
{
	struct block **first = hash_slot(hart->blocks, pa), **at = first, *block;
	const u64 mapped = mapped_by(hart->blocks, pc, pa);

	while ((block = *at) && (block->pa != pa || block->mapped != mapped ||
				 !block_is_for(block, hart->block_key) ||
				 block->excluded_key == (hart->block_key & BLOCK_KEY_VECTOR)))
		at = &block->same_hash;
	if (block && at != first) {
		*at = block->same_hash;
		block->same_hash = *first;
		*first = block;
	}
	return block;
}

struct block *block_cache_find(struct hart *hart, bool *trapped)
{
	const struct block_limits *limits = &hart->blocks->limits;
	struct block *block;
	const u8 *host;
	u64 pa;

	if (unlikely(limits->places) && block_stops_at(limits, hart->pc))
		return NULL;
	host = mem_code(hart, hart->pc, trapped);
	if (!host || !bus_physical(&hart->platform->bus, host, &pa))
		return NULL;
	block = known_block(hart, hart->pc, pa);
	if (!block)
		block = block_cache_decode(hart, pa, host);
	if (block)
		tlb_jump_set(hart->fetch, hart->pc, block, block->entry);
	return block;
}

const struct block *block_cache_known(struct hart *hart, u64 pc)
{
	const struct tlb_view *view = hart->fetch;
	struct block *block;
	u64 pa;

	if (!mem_hit(view->execute[tlb_index(pc)], pc, 2) ||
	    !bus_physical(&hart->platform->bus, mem_host(view, pc), &pa))
		return NULL;
	block = known_block(hart, pc, pa);
	if (block)
		tlb_jump_set(hart->fetch, pc, block, block->entry);
	return block;
}
