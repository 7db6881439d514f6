/* SPDX-License-Identifier: MIT */
/*
 * The memory for native code is used in chunks, one after the other; a chunk has a part of each
 * half, and of the numbers of codes and exits. When the last one is full, the first one is begun
 * anew: of all code only that of its blocks is lost.
 */
#ifndef CPU_JIT_CHUNKS_H
#define CPU_JIT_CHUNKS_H

#include "cpu/jit/impl.h"

/* Returns how much of each half a chunk has; the first one has the stubs in it. */
static inline size_t jit_chunk_size(const struct jit *jit)
{
	return jit_arena_half(&jit->arena) / JIT_CHUNKS;
}

/* Forgets all code, which no block has any more. */
void jit_forget_code(struct jit *jit);

/* Returns whether the chunk has room for a block with so many bytes of code in a half. */
bool jit_has_room(const struct jit *jit, u64 bytes);

/*
 * Code was written: the chunk is put into huge pages once enough of it is used, and the rest need
 * not be copied.
 */
void jit_chunk_written(struct jit *jit);

/*
 * Begins the next chunk; the blocks with code there are without code then, and tables of jumps
 * are empty. No exit by which code was left before may be linked.
 */
void jit_next_chunk(struct jit *jit);

/*
 * Drops the code with this number, if it was not dropped, so that its block is without. Returns how
 * many codes and exits were visited.
 */
u64 jit_drop_code(struct jit *jit, u32 n);

/* Sets the numbers of the codes that a chunk has, from `first` on and before `end`. */
void jit_chunk_codes(const struct jit *jit, unsigned chunk, u32 *first, u32 *end);

#endif
