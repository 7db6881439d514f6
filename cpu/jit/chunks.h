/* SPDX-License-Identifier: MIT */
/*
 * The memory for native code is used in chunks, one after the other. A chunk has a part of each
 * half of the memory, and a range of the numbers of codes and exits. When the last chunk is full,
 * the first one is used again: only the code of its blocks is dropped.
 */
#ifndef CPU_JIT_CHUNKS_H
#define CPU_JIT_CHUNKS_H

#include "cpu/jit/impl.h"

/* Returns the size of a chunk in each half, in bytes. The stubs are in the first chunk. */
static inline size_t jit_chunk_size(const struct jit *jit)
{
	return jit_arena_half(&jit->arena) / JIT_CHUNKS;
}

/* Forgets all code. No block may refer to it any more. */
void jit_forget_code(struct jit *jit);

/* Returns whether each half of the present chunk has room for that many bytes of a block's code. */
bool jit_has_room(const struct jit *jit, u64 bytes);

/*
 * Puts the present chunk into huge pages once enough of it is used. To be called after code was
 * written. What is written later need not be copied to a huge page then.
 */
void jit_chunk_written(struct jit *jit);

/*
 * Begins the next chunk: drops the code that is there, and clears the tables of jumps. An exit by
 * which code was left before must not be linked afterwards.
 */
void jit_next_chunk(struct jit *jit);

/*
 * Drops the code with this number, unless it was dropped already; its block then has no native
 * code. Returns how many codes and exits were visited.
 */
u64 jit_drop_code(struct jit *jit, u32 n);

/* Finds the range of the numbers of a chunk's codes, from `first` to `end` (exclusive). */
void jit_chunk_codes(const struct jit *jit, unsigned chunk, u32 *first, u32 *end);

#endif
