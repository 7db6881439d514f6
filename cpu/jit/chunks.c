/* SPDX-License-Identifier: MIT */
/*
 * Manages the chunks of the memory for native code: which one is filled, and whose code is dropped
 * when a chunk is used again.
 */
#include "cpu/jit/chunks.h"

#include "cpu/jit/link.h"

#define CHUNK_CODES (JIT_CODES / JIT_CHUNKS)
#define CHUNK_EXITS (JIT_EXITS / JIT_CHUNKS)

/*
 * A chunk is put into huge pages, which copies it, once this fraction of it is used (an eighth).
 * Short programs need less.
 */
#define HUGE_FROM 8

/*
 * Returns the first number of a code or an exit of a chunk. No code and no exit has the number 0.
 */
static u32 first_of(unsigned chunk, u32 size)
{
	return chunk ? chunk * size : 1;
}

static void begin(struct jit *jit, unsigned chunk)
{
	jit->now = chunk;
	jit->huge = false;
	jit->arena.cold_used = chunk * jit_chunk_size(jit);
	jit->arena.used = chunk ? jit->arena.cold_used : jit->stubs_end;
	jit->code_count = first_of(chunk, CHUNK_CODES);
	jit->exit_count = first_of(chunk, CHUNK_EXITS);
}

void jit_forget_code(struct jit *jit)
{
	/* A chunk has room for the exits of at least one block. */
	assert(CHUNK_EXITS > 2u * BLOCK_INSNS + 1);
	for (unsigned n = 0; n < JIT_CHUNKS; n++)
		jit->chunk_end[n] = first_of(n, CHUNK_CODES);
	begin(jit, 0);
}

bool jit_has_room(const struct jit *jit, u64 bytes)
{
	unsigned next = jit->now + 1;

	return MAX(jit->arena.used, jit->arena.cold_used) + bytes <= next * jit_chunk_size(jit) &&
	       jit->exit_count + 2 * BLOCK_INSNS <= next * CHUNK_EXITS &&
	       jit->code_count < next * CHUNK_CODES;
}

void jit_chunk_codes(const struct jit *jit, unsigned chunk, u32 *first, u32 *end)
{
	*first = first_of(chunk, CHUNK_CODES);
	*end = chunk == jit->now ? jit->code_count : jit->chunk_end[chunk];
}

u64 jit_drop_code(struct jit *jit, u32 n)
{
	struct block *block = jit->codes[n].block;
	u64 visited = 1;

	if (!block)
		return visited;
	visited += jit_unlink(jit, n);
	block->entry = jit_arena_run(&jit->arena, jit->arena.write);
	block->direct = NULL;
	block->code = 0;
	block->countdown = jit->threshold;
	return visited;
}

void jit_chunk_written(struct jit *jit)
{
	const size_t size = jit_chunk_size(jit), begin = jit->now * size;

	if (jit->huge || MAX(jit->arena.used, jit->arena.cold_used) - begin < size / HUGE_FROM)
		return;
	jit_arena_collapse(&jit->arena, begin, size);
	jit->huge = true;
}

void jit_next_chunk(struct jit *jit)
{
	u32 first, end;
	u64 visited = 0;

	jit->chunk_end[jit->now] = jit->code_count;
	begin(jit, (jit->now + 1) % JIT_CHUNKS);
	first = jit->code_count;
	end = jit->chunk_end[jit->now];
	jit->stats.evictions += end > first;
	for (u32 n = first; n < end; n++)
		visited += jit_drop_code(jit, n);
	if (end > first)
		block_cache_forget_entries(jit->blocks);
	jit->stats.visited = MAX(jit->stats.visited, visited);
}
