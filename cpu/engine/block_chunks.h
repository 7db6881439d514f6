/* SPDX-License-Identifier: MIT */
/*
 * The memory of decoded blocks: an arena that consists of chunks. Blocks are appended to the chunk
 * that was begun last. When it is full, the next chunk is begun, and after the last one the oldest,
 * whose blocks are lost.
 */
#ifndef CPU_ENGINE_BLOCK_CHUNKS_H
#define CPU_ENGINE_BLOCK_CHUNKS_H

#include "bus/base.h"
#include "cpu/engine/block.h"
#include "cpu/hart/limits.h"

#define BLOCK_CHUNK_SIZE ((size_t)BLOCK_CACHE_ARENA / BLOCK_CACHE_CHUNKS)

struct block_chunk {
	u8 *begin;
	size_t used; /* bytes */
	u64 age; /* the number of chunks that were begun before it */
	u64 here, dropped; /* the number of its blocks, and of those that have been dropped */
};

struct block_chunks {
	struct block_chunk chunk[BLOCK_CACHE_CHUNKS_MAX];
	struct block_chunk *now; /* the chunk that was begun last */
	/* The number of chunks begun since block_chunks_clear; these come first in `chunk`. */
	unsigned count;
	u64 begun; /* the number of times a chunk was begun */
	u8 *arena;
};

/* Returns false when out of memory. */
bool block_chunks_init(struct block_chunks *chunks);
void block_chunks_free(struct block_chunks *chunks);

/* Forgets all blocks. Returns how many of them had not been dropped before. */
u64 block_chunks_clear(struct block_chunks *chunks);

/*
 * Returns the place for the next block, or NULL if the chunk may have fewer than `room` bytes left.
 */
struct block *block_chunks_next(const struct block_chunks *chunks, size_t room);

/*
 * Appends the block that was made at that place. It ends before `end`, whose distance is a multiple
 * of 8 bytes.
 */
void block_chunks_take(struct block_chunks *chunks, struct block *block, const u8 *end);

/*
 * block_chunks_oldest returns the chunk that block_chunks_begin must begin next. The caller drops
 * its blocks in between.
 */
struct block_chunk *block_chunks_oldest(struct block_chunks *chunks);
void block_chunks_begin(struct block_chunks *chunks, struct block_chunk *chunk);

/*
 * Returns the block after `before` in the chunk, or the first one if that is NULL. NULL: there is
 * none.
 */
struct block *block_chunk_walk(const struct block_chunk *chunk, const struct block *before);

/* Counts a block that was dropped. */
void block_chunks_drop(struct block_chunks *chunks, const struct block *block);

#endif
