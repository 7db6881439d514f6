/* SPDX-License-Identifier: MIT */
/*
 * The memory for native code is used in chunks, one after the other. A chunk has a part of each
 * half of the memory, and a range of the numbers of codes and exits. When the last chunk is full,
 * the first one is used again: only the code of its blocks is dropped.
 */
#ifndef CPU_JIT_CHUNKS_H
#define CPU_JIT_CHUNKS_H

#include "cpu/jit/impl.h"

/* Returns how many bytes of each half a chunk has. The first chunk also has the stubs. */
static inline size_t jit_chunk_size(const struct jit *jit)
{
	return jit_arena_half(&jit->arena) / JIT_CHUNKS;
}

/* Forgets all code; no block refers to it any more. */
void jit_forget_code(struct jit *jit);

/* Returns whether the chunk has space for a block with that many bytes of code in a half. */
bool jit_has_room(const struct jit *jit, u64 bytes);

/*
 * To be called after code was written: puts the chunk into huge pages once enough of it is used,
 * which spares copying the rest.
 */
void jit_chunk_written(struct jit *jit);

/*
 * Begins the next chunk. The blocks with code there then have no native code, and the tables of
 * jumps are empty. An exit by which code was left before must not be linked afterwards.
 */
void jit_next_chunk(struct jit *jit);

/*
 * Drops the code with this number, unless it was dropped already; its block then has no native
 * code. Returns how many codes and exits were visited.
 */
u64 jit_drop_code(struct jit *jit, u32 n);

/* Sets the numbers of the codes that a chunk has, from `first` on and before `end`. */
void jit_chunk_codes(const struct jit *jit, unsigned chunk, u32 *first, u32 *end);

#endif
