/* SPDX-License-Identifier: MIT */
/*
 * What is behind the caches of level 1: a cache of level 2 where the core has one, and a memory
 * that answers after a fixed time, a beat a cycle, one read after the other.
 */
#ifndef CPU_TIMING_INORDER_MEMORY_H
#define CPU_TIMING_INORDER_MEMORY_H

#include "cpu/timing/inorder/cache.h"
#include "cpu/timing/inorder/params.h"
#include "cpu/timing/tally.h"

struct inorder_memory {
	const struct inorder_params *params;
	struct timing_tally *tally; /* what it counts in */
	struct inorder_cache l2; /* its own, where it is not another hart's that is shared */
	struct inorder_cache *level2; /* that it reads through; NULL: none */
	bool missed_l2; /* the last read did, where there is a level 2 */
	u64 beat; /* the last cycle in which a beat arrives, at most one in each */
};

/* A shared level 2 is that of the first who comes with this coherence, which may be NULL. */
int inorder_memory_init(struct inorder_memory *memory, const struct inorder_params *params,
			struct timing_coherence *coherence);
void inorder_memory_free(struct inorder_memory *memory);
void inorder_memory_reset(struct inorder_memory *memory);

/* Asked in `cycle` for `bytes` there: the cycle of the last beat. */
u64 inorder_memory_read(struct inorder_memory *memory, u64 pa, u64 bytes, u64 cycle);

/* The same of a line that another hart's cache has changed, which level 2 takes in as well. */
u64 inorder_memory_transfer(struct inorder_memory *memory, u64 pa, u64 bytes, u64 cycle);

/* Beats that so many bytes take. */
static inline u64 inorder_memory_beats(const struct inorder_memory *memory, u64 bytes)
{
	return MAX(bytes >> __builtin_ctzll(memory->params->memory_width), 1);
}

/* A line that was written comes back; nobody waits for it. */
static inline void inorder_memory_write_back(struct inorder_memory *memory, u64 bytes)
{
	memory->beat += inorder_memory_beats(memory, bytes);
}

#endif
