/* SPDX-License-Identifier: MIT */
/* Manages the chunks of the memory for decoded blocks, and chooses the one that is used again. */
#include "cpu/engine/block_chunks.h"

#include "bus/huge.h"

#include <stdlib.h>

_Static_assert(BLOCK_CACHE_CHUNKS_MIN > 1, "one is begun while another is kept");

bool block_chunks_init(struct block_chunks *chunks)
{
	*chunks = (struct block_chunks){ .arena = aligned_alloc(BLOCK_CHUNK_SIZE,
								BLOCK_CACHE_ARENA) };
	if (!chunks->arena)
		return false;
	/* Accesses to blocks have no locality, so huge pages save TLB misses of the host. */
	huge_prefer(chunks->arena, BLOCK_CACHE_ARENA);
	block_chunks_clear(chunks);
	return true;
}

void block_chunks_free(struct block_chunks *chunks)
{
	free(chunks->arena);
}

u64 block_chunks_clear(struct block_chunks *chunks)
{
	u64 left = 0;

	for (unsigned n = 0; n < chunks->count; n++) {
		left += chunks->chunk[n].here - chunks->chunk[n].dropped;
		chunks->chunk[n] = (struct block_chunk){ 0 };
	}
	chunks->count = 0;
	block_chunks_begin(chunks, block_chunks_oldest(chunks));
	return left;
}

struct block *block_chunks_next(const struct block_chunks *chunks, size_t room)
{
	const struct block_chunk *now = chunks->now;

	return now->used + room <= BLOCK_CHUNK_SIZE ? (struct block *)(now->begin + now->used) :
						      NULL;
}

void block_chunks_take(struct block_chunks *chunks, struct block *block, const u8 *end)
{
	size_t room = (size_t)(end - (const u8 *)block);

	block->room = (u16)(room / sizeof(u64));
	chunks->now->used += room;
	chunks->now->here++;
}

static u64 living(const struct block_chunk *chunk)
{
	return chunk->here - chunk->dropped;
}

/*
 * Returns whether more than half of the blocks are dropped ones, as programs that start and end
 * leave them. Chunks are then used again long before all of the arena is resident.
 */
static bool is_sparse(const struct block_chunks *chunks)
{
	u64 here = 0, dropped = 0;

	for (unsigned n = 0; n < chunks->count; n++) {
		here += chunks->chunk[n].here;
		dropped += chunks->chunk[n].dropped;
	}
	return chunks->count >= BLOCK_CACHE_SPARSE && dropped > here / 2;
}

struct block_chunk *block_chunks_oldest(struct block_chunks *chunks)
{
	bool sparse = is_sparse(chunks);
	struct block_chunk *found = NULL;

	if (chunks->count < BLOCK_CACHE_CHUNKS && !sparse)
		return &chunks->chunk[chunks->count];
	for (unsigned n = 0; n < chunks->count; n++) {
		struct block_chunk *chunk = &chunks->chunk[n];

		if (chunk == chunks->now)
			continue;
		if (!found || (sparse ? living(chunk) < living(found) : chunk->age < found->age))
			found = chunk;
	}
	return found;
}

void block_chunks_begin(struct block_chunks *chunks, struct block_chunk *chunk)
{
	unsigned n = (unsigned)(chunk - chunks->chunk);

	*chunk = (struct block_chunk){
		.begin = chunks->arena + n * BLOCK_CHUNK_SIZE, .age = chunks->begun++,
	};
	chunks->now = chunk;
	chunks->count = MAX(chunks->count, n + 1);
}

struct block *block_chunk_walk(const struct block_chunk *chunk, const struct block *before)
{
	u8 *at = before ? (u8 *)(uintptr_t)before + before->room * sizeof(u64) : chunk->begin;

	return at < chunk->begin + chunk->used ? (struct block *)at : NULL;
}

void block_chunks_drop(struct block_chunks *chunks, const struct block *block)
{
	chunks->chunk[(size_t)((const u8 *)block - chunks->arena) / BLOCK_CHUNK_SIZE].dropped++;
}
