/* SPDX-License-Identifier: MIT */
/*
 * The memory after the caches of level 1: a cache of level 2 if the core has one, and a memory
 * whose data come after a fixed time, one beat in each cycle, one read after the other.
 */
#ifndef CPU_TIMING_INORDER_MEMORY_H
#define CPU_TIMING_INORDER_MEMORY_H

#include "cpu/timing/inorder/cache.h"
#include "cpu/timing/inorder/params.h"
#include "cpu/timing/tally.h"

#define UNITS "cpu/timing/inorder/state/memory.def"
#include "cpu/timing/fields/structs.inc"

/*
 * Prepares a memory. The first one made with this coherence, which may be NULL, owns the shared
 * cache of level 2. Returns 0 or -ENOMEM.
 */
int inorder_memory_init(struct inorder_memory *memory, const struct inorder_params *params,
			struct timing_coherence *coherence);
void inorder_memory_free(struct inorder_memory *memory);
void inorder_memory_reset(struct inorder_memory *memory);

/* Requests `bytes` at pa in `cycle`. Returns the cycle of the last beat. */
u64 inorder_memory_read(struct inorder_memory *memory, u64 pa, u64 bytes, u64 cycle);

/* Returns the same for a line that another hart's cache has changed; level 2 stores it, too. */
u64 inorder_memory_transfer(struct inorder_memory *memory, u64 pa, u64 bytes, u64 cycle);

/* Returns the number of beats for `bytes` bytes. */
static inline u64 inorder_memory_beats(const struct inorder_memory *memory, u64 bytes)
{
	return MAX(bytes >> __builtin_ctzll(memory->params->memory_width), 1);
}

/* Writes back a line; nothing waits for it. */
static inline void inorder_memory_write_back(struct inorder_memory *memory, u64 bytes)
{
	memory->beat += inorder_memory_beats(memory, bytes);
}

#endif
