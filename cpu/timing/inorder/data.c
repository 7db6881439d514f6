/* SPDX-License-Identifier: MIT */
/* The data side. See data.h. */
#include "cpu/timing/inorder/data.h"

#include "cpu/timing/inorder/vector/requests.h"

#include <string.h>

static enum coherence_found inorder_data_snoop(void *ctx, u64 pa, bool invalidate)
{
	struct inorder_data *data = ctx;

	return inorder_cache_snoop(&data->cache, pa, invalidate);
}

int inorder_data_init(struct inorder_data *data, const struct inorder_params *params,
		      struct timing_coherence *coherence)
{
	const struct coherence_cache member = { .ctx = data, .snoop = inorder_data_snoop };
	const struct tags_shape shape = {
		.sets = (unsigned)params->dcache_sets, .ways = (unsigned)params->dcache_ways,
		.line = (unsigned)params->dcache_line,
	};

	data->params = params;
	/* The only cache owns each of its lines, and has no other to snoop. */
	if (coherence && coherence->size > 1 && params->coherence_protocol) {
		data->coherence = coherence;
		coherence_join(coherence, &member);
	}
	return inorder_cache_init(&data->cache, &shape, (unsigned)params->dcache_replacement);
}

void inorder_data_free(struct inorder_data *data)
{
	inorder_cache_free(&data->cache);
}

void inorder_data_reset(struct inorder_data *data)
{
	const struct inorder_params *params = data->params;
	u64 hit = params->load_latency - params->load_address;

	data->hit[0] = hit + params->load_narrow;
	data->hit[1] = hit;
	data->back = params->dcache_policy == INORDER_BACK && !data->coherence &&
		     params->dcache_replacement != INORDER_LRU;
	inorder_cache_reset(&data->cache);
	inorder_wbuffer_reset(&data->buffer, data->params);
	memset(data->stores, 0, sizeof(data->stores));
	memset(data->misses, 0, sizeof(data->misses));
	data->count = data->entered = data->blocked = data->missing = 0;
	data->blocker = CPI_ISSUE;
	data->blocked_vector = data->vectors = 0;
	memset(data->extents, 0, sizeof(data->extents));
	data->extents_count = data->extents_done = 0;
}

static NOINLINE u64 inorder_data_look_up(struct inorder_data *data, struct inorder_access access,
					 u64 cycle)
{
	const struct inorder_reach reach = {
		.va = inorder_access_va(access), .store = access.what & INORDER_ACCESS_STORE,
		.guest = access.what & INORDER_ACCESS_GUEST,
	};

	return inorder_mmu_data(data->mmu, &reach, cycle);
}

static ALWAYS_INLINE u64 inorder_data_translate(struct inorder_data *data,
						struct inorder_access access, u64 cycle)
{
	data->cause = CPI_LOAD_USE;
	return access.what & INORDER_ACCESS_TRANSLATED ? inorder_data_look_up(data, access, cycle) :
							 cycle;
}

static ALWAYS_INLINE struct inorder_store *store_of(struct inorder_data *data, u64 back)
{
	return &data->stores[(data->count - back) % INORDER_STORES_MAX];
}

/* Stores enter in order, so a load waits for the last one whose compared bits are the same. */
static NOINLINE u64 search_stores(struct inorder_data *data, u64 va, u64 cycle)
{
	const struct inorder_params *params = data->params;
	u64 compared = (params->load_compare >= 64 ? 0 : 1ull << params->load_compare) - 1;
	u64 mask = compared & ~(u64)(INORDER_SPAN - 1);
	u64 most = MIN(params->store_speculative + params->store_committed, INORDER_STORES_MAX);

	for (u64 back = 1; back <= MIN(data->count, most); back++) {
		const struct inorder_store *store = store_of(data, back);

		if (store->entered < cycle)
			break;
		if ((store->va ^ va) & mask)
			continue;
		data->cause = CPI_STORES;
		return store->entered + 2;
	}
	return cycle;
}

/* Returns when a load of va need not wait for earlier stores any more, `cycle` at the earliest. */
static ALWAYS_INLINE u64 wait_for_stores(struct inorder_data *data, u64 va, u64 cycle)
{
	return inorder_data_compares(data, cycle) ? search_stores(data, va, cycle) : cycle;
}

/* Returns when a scalar load need not wait for vector stores, `cycle` at the earliest. */
static ALWAYS_INLINE u64 wait_for_vectors(struct inorder_data *data, struct inorder_access access,
					  u64 cycle)
{
	u64 pa = inorder_access_pa(access), at;

	if (likely(!inorder_data_compares_vectors(data, cycle)))
		return cycle;
	at = inorder_data_stored(data, pa, pa + (access.what & INORDER_ACCESS_SIZE), cycle);
	if (at != cycle)
		data->cause = CPI_STORES;
	return at;
}

static u64 inorder_data_line_of(const struct inorder_data *data, u64 pa)
{
	return pa >> data->cache.tags.line_shift;
}

/* Returns the line's outstanding miss, or NULL. */
static struct inorder_miss *miss_of(struct inorder_data *data, u64 line, u64 cycle)
{
	for (unsigned n = 0; n < data->params->dcache_misses; n++)
		if (data->misses[n].line == line && data->misses[n].done > cycle)
			return &data->misses[n];
	return NULL;
}

/* Returns the slot for a miss that is free first. */
static struct inorder_miss *next_miss(struct inorder_data *data)
{
	struct inorder_miss *slot = &data->misses[0];

	for (unsigned n = 1; n < data->params->dcache_misses; n++)
		if (data->misses[n].done < slot->done)
			slot = &data->misses[n];
	return slot;
}

/* Snoops other caches for a missed line. Returns the strongest state in which they had it. */
static enum coherence_found snoop_others(struct inorder_data *data, u64 pa, bool write)
{
	if (!data->coherence)
		return COHERENCE_NOTHING;
	return write ? coherence_write(data->coherence, data, pa) :
		       coherence_read(data->coherence, data, pa);
}

/* Returns a line's notes: it is owned if no other cache had it, or if all others had to drop it. */
static ALWAYS_INLINE u64 notes_of(const struct inorder_data *data, bool write,
				  enum coherence_found found)
{
	bool owned = data->coherence && (write || found == COHERENCE_NOTHING);

	return (write ? INORDER_LINE_WRITTEN : 0) | (owned ? INORDER_LINE_OWNED : 0);
}

/*
 * Requests a line that an access missed in `cycle`, as soon as a slot for misses is free. The tags
 * hold the line from now on.
 */
static ALWAYS_INLINE struct inorder_times inorder_data_fetch_line(struct inorder_data *data, u64 pa,
								  bool write, u64 cycle)
{
	const struct inorder_params *params = data->params;
	enum coherence_found found = snoop_others(data, pa, write);
	struct inorder_miss *slot = next_miss(data);
	u64 left = MAX(cycle, slot->done);

	cycle = left + params->dcache_miss;
	if (params->dcache_policy == INORDER_THROUGH)
		cycle = inorder_wbuffer_read(&data->buffer, pa, cycle);
	if (inorder_cache_fill(&data->cache, pa, notes_of(data, write, found)))
		inorder_memory_write_back(data->memory, params->dcache_line);
	slot->line = inorder_data_line_of(data, pa);
	slot->done = found == COHERENCE_CHANGED ?
			     inorder_memory_transfer(data->memory, pa, params->dcache_line, cycle) :
			     inorder_memory_read(data->memory, pa, params->dcache_line, cycle);
	slot->cause = data->memory->missed_l2 ? CPI_L2 : CPI_L1D;
	data->missing = MAX(data->missing, slot->done);
	return (struct inorder_times){ .left = left, .done = slot->done };
}

/* Blocks the cache until a cycle, and notes the cause of the access that blocks it. */
static void inorder_data_block(struct inorder_data *data, u64 until)
{
	data->blocked = until;
	data->blocker = data->cause;
}

/* Writes a line that this cache holds but does not own: the other caches have to drop it. */
static NOINLINE struct inorder_times inorder_data_upgrade(struct inorder_data *data, u64 pa,
							  u64 cycle)
{
	const struct inorder_params *params = data->params;
	struct inorder_miss *slot = next_miss(data);
	struct inorder_times times = { .left = MAX(cycle, slot->done) };

	coherence_write(data->coherence, data, pa);
	inorder_cache_own(&data->cache, pa);
	slot->line = inorder_data_line_of(data, pa);
	slot->done = times.left + params->coherence_upgrade;
	data->missing = MAX(data->missing, slot->done);
	data->cause = slot->cause = params->l2_sets ? CPI_L2 : CPI_L1D;
	if (params->dcache_blocking)
		inorder_data_block(data, slot->done);
	times.done = MAX(slot->done, times.left + params->load_latency - params->load_address);
	return times;
}

static u64 request_memory(struct inorder_data *data, u64 pa, u64 cycle)
{
	const struct inorder_params *params = data->params;

	cycle += params->dcache_miss;
	return inorder_memory_read(data->memory, pa, INORDER_SPAN, cycle) + params->dcache_refill;
}

static ALWAYS_INLINE struct inorder_times inorder_data_miss(struct inorder_data *data, u64 pa,
							    bool write, u64 cycle)
{
	const struct inorder_params *params = data->params;
	struct inorder_times times;

	timing_count(data->tally, write ? TIMING_L1D_WRITE_MISS : TIMING_L1D_READ_MISS);
	times = inorder_data_fetch_line(data, pa, write, cycle);
	times.done += params->dcache_refill;
	data->cause = data->memory->missed_l2 ? CPI_L2 : CPI_L1D;
	if (params->dcache_blocking)
		inorder_data_block(data, times.done);
	return times;
}

/*
 * Returns when the result of a hit is there, or that of its line's outstanding miss, whose cause is
 * then that of the wait.
 */
static NOINLINE u64 wait_for_miss(struct inorder_data *data, u64 pa, u64 hit, u64 cycle)
{
	const struct inorder_miss *miss = miss_of(data, inorder_data_line_of(data, pa), cycle);
	u64 done = miss ? miss->done + data->params->dcache_refill : 0;

	if (done <= hit)
		return hit;
	data->cause = miss->cause;
	return done;
}

/* Accesses the cache in `cycle`. The access is done when its result is there, even after a miss. */
static ALWAYS_INLINE struct inorder_times inorder_data_find(struct inorder_data *data, u64 pa,
							    bool write, u64 cycle)
{
	const struct inorder_params *params = data->params;
	struct inorder_times hit = {
		.left = cycle, .done = cycle + params->load_latency - params->load_address,
	};
	int place;

	if (unlikely(!inorder_is_cached(params, pa)))
		return (struct inorder_times){ .left = cycle,
					       .done = request_memory(data, pa, cycle) };
	timing_count(data->tally, write ? TIMING_L1D_WRITE : TIMING_L1D_READ);
	place = inorder_cache_use(&data->cache, pa, write);
	if (unlikely(place == TAGS_NOWHERE))
		return inorder_data_miss(data, pa, write, cycle);
	if (write && data->coherence && !inorder_cache_owns(&data->cache, place))
		return inorder_data_upgrade(data, pa, cycle);
	if (data->missing > cycle)
		hit.done = wait_for_miss(data, pa, hit.done, cycle);
	return hit;
}

struct inorder_times inorder_data_request(struct inorder_data *data, u64 pa, bool write, u64 cycle)
{
	return inorder_data_find(data, pa, write, cycle);
}

static u64 inorder_data_extra(const struct inorder_data *data, struct inorder_access access)
{
	const struct inorder_params *params = data->params;
	u64 size = access.what & INORDER_ACCESS_SIZE;
	bool crosses = inorder_access_va(access) % INORDER_SPAN + size > INORDER_SPAN;

	return (crosses ? params->load_misaligned : 0) + (size < 4 ? params->load_narrow : 0);
}

/* Returns when the cache is not blocked any more, and notes the cause if that delays the access. */
static ALWAYS_INLINE u64 wait_while_blocked(struct inorder_data *data, u64 at)
{
	if (at >= data->blocked)
		return at;
	data->cause = data->blocker;
	return data->blocked;
}

/* Returns the part of an action's result that says until when the access was translated. */
static ALWAYS_INLINE u64 inorder_data_walked(u64 cycle, u64 translated)
{
	return MIN(translated - cycle, BIT(INORDER_ACCESS_WALK_BITS) - 1)
	       << INORDER_ACCESS_CAUSE_BITS;
}

u64 inorder_data_load(struct inorder_data *data, struct inorder_access access, u64 cycle)
{
	u64 at = inorder_data_translate(data, access, cycle);
	u64 walked = inorder_data_walked(cycle, at);
	struct inorder_times times;

	at = wait_for_stores(data, inorder_access_va(access), at);
	at = wait_for_vectors(data, access, at);
	at = wait_while_blocked(data, at);
	if (access.what & INORDER_ACCESS_TRAPS)
		return walked | inorder_data_answer(data->cause, cycle, at,
						    at + data->params->load_latency -
							    data->params->load_address);
	times = inorder_data_find(data, inorder_access_pa(access), false, at);
	return walked | inorder_data_answer(data->cause, cycle, times.left,
					    times.done + inorder_data_extra(data, access));
}

u64 inorder_data_atomic(struct inorder_data *data, struct inorder_access access, u64 cycle)
{
	const struct inorder_params *params = data->params;
	u64 at = inorder_data_translate(data, access, cycle), there;
	u64 walked = inorder_data_walked(cycle, at);
	struct inorder_times times;

	at = wait_while_blocked(data, MAX(at, data->entered + 1));
	if (access.what & INORDER_ACCESS_TRAPS)
		return walked | inorder_data_answer(data->cause, cycle, at, at + 1);
	times = inorder_data_find(data, inorder_access_pa(access), true, at);
	/* An atomic reads its line, so it stays in the queue until the line is there. */
	there = times.done - params->load_latency + params->load_address;
	return walked | inorder_data_answer(data->cause, cycle, MAX(times.left, there),
					    there + params->amo_latency);
}

/* Returns when the queue of speculative stores has a free slot, `cycle` at the earliest. */
static ALWAYS_INLINE u64 inorder_data_room(struct inorder_data *data, u64 cycle)
{
	u64 retired = store_of(data, data->params->store_speculative)->retired;

	return cycle < retired ? retired + 1 : cycle;
}

/*
 * Returns how many cycles later than `cycle` a store leaves the queue that is translated in
 * `translated`, as in the result of its action.
 */
static ALWAYS_INLINE u64 inorder_data_leave(struct inorder_data *data, u64 cycle, u64 translated)
{
	u64 left = inorder_data_room(data, translated);
	bool walked = left == translated && translated != cycle;

	return (left - cycle) | (walked ? INORDER_STORE_WALKED : 0);
}

u64 inorder_data_place(struct inorder_data *data, struct inorder_access access, u64 cycle)
{
	return inorder_data_leave(data, cycle, inorder_data_translate(data, access, cycle));
}

/*
 * A function by which a store enters the cache or the write buffer, in `cycle` at the earliest; it
 * returns the cycle in which the store does so.
 */
typedef u64 entering(struct inorder_data *data, struct inorder_access access, u64 cycle);

static ALWAYS_INLINE u64 enter_buffer(struct inorder_data *data, struct inorder_access access,
				      u64 cycle)
{
	u64 pa = inorder_access_pa(access);

	if (inorder_is_cached(data->params, pa)) {
		snoop_others(data, pa, true);
		timing_count(data->tally, TIMING_L1D_WRITE);
		if (!inorder_cache_holds(&data->cache, pa))
			timing_count(data->tally, TIMING_L1D_WRITE_MISS);
	}
	return inorder_wbuffer_put(&data->buffer, pa, access.what & INORDER_ACCESS_SIZE, cycle);
}

static ALWAYS_INLINE u64 enter_cache(struct inorder_data *data, struct inorder_access access,
				     u64 cycle)
{
	struct inorder_times times;

	cycle = MAX(cycle, data->blocked);
	times = inorder_data_find(data, inorder_access_pa(access), true, cycle);
	return data->params->dcache_blocking && data->blocked == times.done ? times.done :
									      times.left;
}

/* Enters a store whose line finds_line() has found and written. */
static ALWAYS_INLINE u64 enter_line(struct inorder_data *data, struct inorder_access access,
				    u64 cycle)
{
	(void)access;
	timing_count(data->tally, TIMING_L1D_WRITE);
	return MAX(cycle, data->blocked);
}

/* Returns whether the store's line is in the cache, and then writes it; else changes nothing. */
static ALWAYS_INLINE bool finds_line(struct inorder_data *data, struct inorder_access access)
{
	u64 pa = inorder_access_pa(access);

	return data->back && !(access.what & INORDER_ACCESS_TRANSLATED) &&
	       inorder_is_cached(data->params, pa) && inorder_cache_write_recent(&data->cache, pa);
}

/* Retires a store in `retires` or later. Returns how much later, shifted as in actions.h. */
static ALWAYS_INLINE u64 inorder_data_retire(struct inorder_data *data,
					     struct inorder_access access, u64 retires,
					     entering *enter)
{
	u64 before = store_of(data, data->params->store_committed)->entered;
	u64 retired = MAX(retires, before + 1);
	struct inorder_store *store;

	data->entered = enter(data, access, MAX(retired, data->entered) + 1);
	store = &data->stores[data->count++ % INORDER_STORES_MAX];
	store->va = inorder_access_va(access);
	store->retired = retired;
	store->entered = data->entered;
	return (retired - retires) << INORDER_STORE_RETIRES;
}

/* Retires a store that leaves the queue in `cycle` or later, and returns its action's result. */
static ALWAYS_INLINE u64 inorder_data_retire_store(struct inorder_data *data,
						   struct inorder_access access, u64 cycle,
						   u64 retires, entering *enter)
{
	const struct inorder_params *params = data->params;
	u64 left = inorder_data_leave(data, cycle, inorder_data_translate(data, access, cycle));
	u64 at = cycle + (left & ~INORDER_STORE_WALKED);

	if (params->issue_window)
		retires = MAX(retires, at + 1 + params->issue_retire);
	return left | inorder_data_retire(data, access, retires, enter);
}

static NOINLINE u64 store_to_buffer(struct inorder_data *data, struct inorder_access access,
				    u64 cycle, u64 retires)
{
	return inorder_data_retire_store(data, access, cycle, retires, enter_buffer);
}

static NOINLINE u64 store_to_cache(struct inorder_data *data, struct inorder_access access,
				   u64 cycle, u64 retires)
{
	return inorder_data_retire_store(data, access, cycle, retires, enter_cache);
}

u64 inorder_data_store(struct inorder_data *data, struct inorder_access access, u64 cycle,
		       u64 retires)
{
	if (likely(finds_line(data, access)))
		return inorder_data_retire_store(data, access, cycle, retires, enter_line);
	if (data->params->dcache_policy == INORDER_THROUGH)
		return store_to_buffer(data, access, cycle, retires);
	return store_to_cache(data, access, cycle, retires);
}

static u64 inorder_data_drained(struct inorder_data *data)
{
	u64 gone = inorder_wbuffer_drain(&data->buffer);

	return MAX(MAX(data->entered + 1, data->vectors), MAX(gone, data->missing));
}

u64 inorder_data_drain(struct inorder_data *data, u64 cycle)
{
	u64 done = inorder_data_drained(data);

	return MAX(cycle, done) - cycle;
}

u64 inorder_data_in_memory(struct inorder_data *data, struct inorder_access access, u64 cycle)
{
	u64 done = inorder_data_drained(data), requested = cycle;

	cycle = MAX(cycle, data->entered + 1);
	if (done > cycle)
		cycle = done + 1;
	/* Memory gets a new value, so no cache may keep the old one. */
	snoop_others(data, inorder_access_pa(access), true);
	tags_clear_set(&data->cache.tags, tags_set(&data->cache.tags, inorder_access_pa(access)));
	return inorder_memory_read(data->memory, inorder_access_pa(access), INORDER_SPAN,
				   cycle + data->params->amo_latency - 1) +
	       1 - requested;
}

u64 inorder_data_walk(struct inorder_data *data, u64 pa, u64 cycle)
{
	const struct inorder_params *params = data->params;

	timing_count(data->tally, TIMING_WALK_READ);
	if (!inorder_cache_access(&data->cache, pa, false)) {
		timing_count(data->tally, TIMING_WALK_READ_MISS);
		cycle = inorder_data_fetch_line(data, pa, false, cycle).done;
	}
	return cycle + params->walk_level;
}
