/* SPDX-License-Identifier: MIT */
/*
 * The memory for native code. It is mapped twice, at one address to be written and at another to be
 * executed (W^X). Offsets are the same in both mappings, so relative jumps need no adjustment.
 */
#ifndef CPU_JIT_ARENA_H
#define CPU_JIT_ARENA_H

#include "bus/base.h"

struct jit_arena {
	u8 *write; /* where it may be written */
	const u8 *run; /* where it may be executed */
	/*
	 * The size of both halves together, and how much of each half is used, in bytes. The first
	 * half is for hot code, the second one for cold code, which seldom runs.
	 */
	size_t size, used, cold_used;
};

/* Returns the size of each half. */
static inline size_t jit_arena_half(const struct jit_arena *arena)
{
	return arena->size / 2;
}

/* Returns the address at which the second half is written. */
static inline u8 *jit_arena_cold(const struct jit_arena *arena)
{
	return arena->write + jit_arena_half(arena);
}

/*
 * Maps the memory. Returns 0 or a negative errno. The memory is a memfd if the host has them;
 * `for_perf` asks for anonymous memory, since perf reads no map of names for code in a file.
 */
int jit_arena_init(struct jit_arena *arena, size_t size, bool for_perf);
void jit_arena_free(struct jit_arena *arena);

/* Puts the `size` bytes from offset `at` of each half, written or not, into huge pages. */
void jit_arena_collapse(const struct jit_arena *arena, size_t at, size_t size);

/* Returns where code that was written at `at` is executed. */
static inline const void *jit_arena_run(const struct jit_arena *arena, const u8 *at)
{
	return arena->run + (at - arena->write);
}

/* Returns where code that is executed at `at` is written. */
static inline u8 *jit_arena_write(const struct jit_arena *arena, const void *at)
{
	return arena->write + ((const u8 *)at - arena->run);
}

#endif
