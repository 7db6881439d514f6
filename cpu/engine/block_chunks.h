/* SPDX-License-Identifier: MIT */
/*
 * The memory of decoded blocks: an arena in chunks. Blocks are put one behind the other into the
 * chunk that was begun last. When that is full the next one is begun, and when there is no next
 * one, the oldest: of all blocks only its own are lost.
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
	u64 age; /* the chunks begun before it */
	u64 here, dropped; /* its blocks, and those of them that are dropped */
};

struct block_chunks {
	struct block_chunk chunk[BLOCK_CACHE_CHUNKS_MAX];
	struct block_chunk *now; /* the one that was begun last */
	unsigned count; /* those that were ever begun since block_chunks_clear; they are first */
	u64 begun; /* how often one was begun */
	u8 *arena;
};

/* Returns false when out of memory. */
bool block_chunks_init(struct block_chunks *chunks);
void block_chunks_free(struct block_chunks *chunks);

/* Forgets all blocks. Returns how many of them were not dropped. */
u64 block_chunks_clear(struct block_chunks *chunks);

/* Returns where the next block is made; NULL: the chunk may not have so much room. */
struct block *block_chunks_next(const struct block_chunks *chunks, size_t room);

/* Takes the room for the block there, up to `end`, which is a multiple of 8 bytes away. */
void block_chunks_take(struct block_chunks *chunks, struct block *block, const u8 *end);

/* Returns the chunk to be begun next, whose blocks must be dropped before. */
struct block_chunk *block_chunks_oldest(struct block_chunks *chunks);
void block_chunks_begin(struct block_chunks *chunks, struct block_chunk *chunk);

/* Returns the block behind one of the chunk, or the first for NULL; NULL: there is none. */
struct block *block_chunk_walk(const struct block_chunk *chunk, const struct block *before);

/* The block was dropped. */
void block_chunks_drop(struct block_chunks *chunks, const struct block *block);

#endif
