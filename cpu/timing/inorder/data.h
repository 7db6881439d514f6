/* SPDX-License-Identifier: MIT */
/*
 * Loads, stores and atomics by timestamps: the data cache, stores between issue and cache, misses
 * under way. Stores that have retired go into the cache or the write buffer in order. All of it is
 * outside of what a memo has for a state (actions.h): it answers with numbers.
 */
#ifndef CPU_TIMING_INORDER_DATA_H
#define CPU_TIMING_INORDER_DATA_H

#include "cpu/timing/inorder/actions.h"
#include "cpu/timing/inorder/memory.h"
#include "cpu/timing/inorder/mmu.h"
#include "cpu/timing/inorder/wbuffer.h"

#define INORDER_SPAN 8 /* bytes that an access reaches at once */

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
	/* From the parameters: a hit of fewer than 4 bytes takes so long, of more. */
	u64 hit[2];
	bool back; /* it writes back, has no history of uses, and nobody to ask */
};

struct inorder_access {
	const u64 *address; /* the virtual one, and behind it the physical */
	u64 what; /* INORDER_ACCESS_..., of actions.h */
};

static ALWAYS_INLINE u64 inorder_access_va(struct inorder_access access)
{
	return access.address[0];
}

static ALWAYS_INLINE u64 inorder_access_pa(struct inorder_access access)
{
	return access.address[1];
}

/* Its cache takes part in `coherence`, which may be NULL, where the core's caches are coherent. */
int inorder_data_init(struct inorder_data *data, const struct inorder_params *params,
		      struct timing_coherence *coherence);
void inorder_data_free(struct inorder_data *data);
void inorder_data_reset(struct inorder_data *data);

/* Has a load to be compared with stores that are not in the cache yet? */
static ALWAYS_INLINE bool inorder_data_compares(const struct inorder_data *data, u64 cycle)
{
	return data->params->load_compare && data->entered >= cycle;
}

/* Is the line of a hit still on its way? */
static ALWAYS_INLINE bool inorder_data_comes(const struct inorder_data *data, u64 pa, u64 cycle)
{
	u64 line = pa >> data->cache.tags.line_shift;

	if (data->missing > cycle)
		for (unsigned n = 0; n < data->params->dcache_misses; n++)
			if (data->misses[n].line == line && data->misses[n].done > cycle)
				return true;
	return false;
}

/* Asked in `cycle`: it leaves the queue, and has a result. */
static ALWAYS_INLINE u64 inorder_data_answer(u8 cause, u64 cycle, u64 left, u64 result)
{
	u64 most = BIT(INORDER_ACCESS_LEFT_BITS) - 1;

	return cause | MIN(left - cycle, most) << INORDER_ACCESS_LEFT |
	       MIN(result - cycle, most) << INORDER_ACCESS_RESULT;
}

/*
 * The answer to a load that at most waits for the miss before it, and finds its line without any
 * effect on the cache. 0: it is another one. Most are of this kind.
 */
static ALWAYS_INLINE u64 inorder_data_quick(struct inorder_data *data, struct inorder_access access,
					    u64 cycle)
{
	u64 pa = inorder_access_pa(access), at = MAX(cycle, data->blocked);

	if (inorder_access_va(access) % INORDER_SPAN + access.what > INORDER_SPAN ||
	    inorder_data_compares(data, cycle) || data->cache.replacement == INORDER_LRU ||
	    !inorder_is_cached(data->params, pa) ||
	    !tags_hold_recent(&data->cache.tags, pa) || inorder_data_comes(data, pa, at))
		return 0;
	timing_count(data->tally, TIMING_L1D_READ);
	data->cause = CPI_LOAD_USE;
	return inorder_data_answer(CPI_LOAD_USE, cycle, at, at + data->hit[access.what >= 4]);
}

/* At the cache in `cycle`: a load, or an atomic that is done there; as actions.h says. */
u64 inorder_data_load(struct inorder_data *data, struct inorder_access access, u64 cycle);
u64 inorder_data_atomic(struct inorder_data *data, struct inorder_access access, u64 cycle);

/* The same of a store that does not retire: so many cycles later it has its place. */
u64 inorder_data_place(struct inorder_data *data, struct inorder_access access, u64 cycle);

/* And of one that does, as actions.h says: in `retires`, or behind what it has to wait for. */
u64 inorder_data_store(struct inorder_data *data, struct inorder_access access, u64 cycle,
		       u64 retires);

/* The same of an atomic done in memory. */
u64 inorder_data_in_memory(struct inorder_data *data, struct inorder_access access,
			   u64 cycle);

/* Nothing more comes: so many cycles later all that has retired is done. */
u64 inorder_data_drain(struct inorder_data *data, u64 cycle);

/* A walk reads an entry at pa: when the next step begins. */
u64 inorder_data_walk(struct inorder_data *data, u64 pa, u64 cycle);

#endif
