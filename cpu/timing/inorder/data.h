/* SPDX-License-Identifier: MIT */
/*
 * Loads, stores and atomics, by timestamps: the data cache, stores between issue and cache,
 * outstanding misses. Stores that have retired go into the cache or the write buffer in order. All
 * of this is outside of a memo's states (actions.h), so the functions return numbers.
 */
#ifndef CPU_TIMING_INORDER_DATA_H
#define CPU_TIMING_INORDER_DATA_H

#include "cpu/timing/inorder/actions.h"
#include "cpu/timing/inorder/memory.h"
#include "cpu/timing/inorder/mmu.h"
#include "cpu/timing/inorder/vector/vector.h"
#include "cpu/timing/inorder/wbuffer.h"

#define INORDER_SPAN 8 /* bytes of an aligned unit that is accessed at once */

#define UNITS "cpu/timing/inorder/state/data.def"
#include "cpu/timing/fields/structs.inc"

struct inorder_access {
	const u64 *address; /* the virtual address, followed by the physical one */
	u64 what; /* INORDER_ACCESS_... of actions.h */
};

static ALWAYS_INLINE u64 inorder_access_va(struct inorder_access access)
{
	return access.address[0];
}

static ALWAYS_INLINE u64 inorder_access_pa(struct inorder_access access)
{
	return access.address[1];
}

/* When an access leaves the queue (it hit, or its miss was requested), and when it is done. */
struct inorder_times {
	u64 left, done;
};

/*
 * Prepares the data side of a core with these parameters. If its caches are coherent, its cache
 * takes part in `coherence`, which may be NULL. Returns 0 or -ENOMEM.
 */
int inorder_data_init(struct inorder_data *data, const struct inorder_params *params,
		      struct timing_coherence *coherence);
void inorder_data_free(struct inorder_data *data);
void inorder_data_reset(struct inorder_data *data);

/* Returns whether a load has to be compared with stores that are not in the cache yet. */
static ALWAYS_INLINE bool inorder_data_compares(const struct inorder_data *data, u64 cycle)
{
	return data->params->load_compare && data->entered >= cycle;
}

/* Returns whether a load has to be compared with vector stores. */
static ALWAYS_INLINE bool inorder_data_compares_vectors(const struct inorder_data *data, u64 cycle)
{
	return data->extents_done > cycle;
}

/* Returns whether a line that hits is still being refilled. */
static ALWAYS_INLINE bool inorder_data_comes(const struct inorder_data *data, u64 pa, u64 cycle)
{
	u64 line = pa >> data->cache.tags.line_shift;

	if (data->missing > cycle)
		for (unsigned n = 0; n < data->params->dcache_misses; n++)
			if (data->misses[n].line == line && data->misses[n].done > cycle)
				return true;
	return false;
}

/*
 * Returns the result of an action in `cycle`: the cycles until the access leaves the queue, and
 * until it has its result. It was translated at once.
 */
static ALWAYS_INLINE u64 inorder_data_answer(u8 cause, u64 cycle, u64 left, u64 result)
{
	u64 most = BIT(INORDER_ACCESS_LEFT_BITS) - 1;

	static_assert(TIMING_CAUSES <= BIT(INORDER_ACCESS_CAUSE_BITS), "a cause fits");
	return cause | MIN(left - cycle, most) << INORDER_ACCESS_LEFT |
	       MIN(result - cycle, most) << INORDER_ACCESS_RESULT;
}

/*
 * Returns the result of a load that waits at most for the miss before it, and hits without any
 * effect on the cache; or 0 for any other load. Most are of this kind.
 */
static ALWAYS_INLINE u64 inorder_data_quick(struct inorder_data *data, struct inorder_access access,
					    u64 cycle)
{
	u64 pa = inorder_access_pa(access), at = MAX(cycle, data->blocked);

	if (inorder_access_va(access) % INORDER_SPAN + access.what > INORDER_SPAN ||
	    inorder_data_compares(data, cycle) || inorder_data_compares_vectors(data, cycle) ||
	    data->cache.replacement == INORDER_LRU || !inorder_is_cached(data->params, pa) ||
	    !tags_hold_recent(&data->cache.tags, pa) || inorder_data_comes(data, pa, at))
		return 0;
	timing_count(data->tally, TIMING_L1D_READ);
	data->cause = at == cycle ? CPI_LOAD_USE : data->blocker;
	return inorder_data_answer(data->cause, cycle, at, at + data->hit[access.what >= 4]);
}

/*
 * Return the result, as in actions.h, of a load, or of an atomic done in the cache, that reaches
 * the cache in `cycle`.
 */
u64 inorder_data_load(struct inorder_data *data, struct inorder_access access, u64 cycle);
u64 inorder_data_atomic(struct inorder_data *data, struct inorder_access access, u64 cycle);

/* Returns the result, as in actions.h, of a store that does not retire. */
u64 inorder_data_place(struct inorder_data *data, struct inorder_access access, u64 cycle);

/*
 * Returns the result, as in actions.h, of a store that retires in cycle `retires`, or after the
 * events for which it has to wait.
 */
u64 inorder_data_store(struct inorder_data *data, struct inorder_access access, u64 cycle,
		       u64 retires);

/* Returns after how many cycles an atomic that is done in memory is done. */
u64 inorder_data_in_memory(struct inorder_data *data, struct inorder_access access, u64 cycle);

/* Returns after how many cycles all retired accesses are done, if no more come. */
u64 inorder_data_drain(struct inorder_data *data, u64 cycle);

/* Returns the cycle in which a page walk that reads the entry at pa begins its next step. */
u64 inorder_data_walk(struct inorder_data *data, u64 pa, u64 cycle);

#endif
