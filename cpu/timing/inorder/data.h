/* SPDX-License-Identifier: MIT */
/*
 * Loads, stores and atomics by timestamps: the data cache, stores between issue and cache, misses
 * under way. Stores that have retired go into the cache or the write buffer in order. All of it is
 * outside of what a memo has for a state (asked.h): it answers with numbers.
 */
#ifndef CPU_TIMING_INORDER_DATA_H
#define CPU_TIMING_INORDER_DATA_H

#include "cpu/timing/inorder/memory.h"
#include "cpu/timing/inorder/mmu.h"
#include "cpu/timing/inorder/wbuffer.h"

struct inorder_store {
	u64 va;
	u64 retired, entered; /* cycles; entered: cache or write buffer has it */
};

struct inorder_miss {
	u64 line, done;
};

struct inorder_data {
	const struct inorder_params *params;
	struct timing_tally *tally; /* what it counts in */
	struct inorder_memory *memory;
	struct inorder_mmu *mmu;
	struct timing_coherence *coherence; /* with other harts' caches; NULL: none */
	struct inorder_cache cache;
	struct inorder_wbuffer buffer;
	struct inorder_store stores[INORDER_STORES_MAX]; /* a ring: number % */
	u64 count; /* stores so far */
	u64 entered; /* the last of them */
	u64 blocked; /* no hit before */
	struct inorder_miss misses[INORDER_MISSES_MAX];
	u64 missing; /* the last of them is done */
	u8 cause; /* enum timing_cause: what the last load took its time with */
};

struct inorder_access {
	u64 va, pa;
	u8 size;
	bool store; /* or an atomic that is none of a load alone */
	bool guest; /* by a hypervisor, in its guest's place */
	bool translated;
	bool traps;
};

/* Its cache takes part in `coherence`, which may be NULL, where the core's caches are coherent. */
int inorder_data_init(struct inorder_data *data, const struct inorder_params *params,
		      struct timing_coherence *coherence);
void inorder_data_free(struct inorder_data *data);
void inorder_data_reset(struct inorder_data *data);

/* At the cache in `cycle`: a load, or an atomic that is done there; as asked.h says. */
u64 inorder_data_load(struct inorder_data *data, const struct inorder_access *access, u64 cycle);
u64 inorder_data_atomic(struct inorder_data *data, const struct inorder_access *access, u64 cycle);

/* The same of a store: so many cycles later it has its place. */
u64 inorder_data_store(struct inorder_data *data, const struct inorder_access *access, u64 cycle);

/* A store that could retire in `cycle` does so many cycles later. */
u64 inorder_data_retire(struct inorder_data *data, const struct inorder_access *access, u64 cycle);

/* The same of an atomic done in memory. */
u64 inorder_data_in_memory(struct inorder_data *data, const struct inorder_access *access,
			   u64 cycle);

/* Nothing more comes: so many cycles later all that has retired is done. */
u64 inorder_data_drain(struct inorder_data *data, u64 cycle);

/* A walk reads an entry at pa: when the next step begins. */
u64 inorder_data_walk(struct inorder_data *data, u64 pa, u64 cycle);

#endif
