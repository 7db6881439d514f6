/* SPDX-License-Identifier: MIT */
/*
 * C906's store buffer (aq_lsu_stb.v, aq_lsu_stb_entry.v): four entries of eight bytes, each of
 * which writes the cache once its line is there, or goes to the bus. See lsu.h.
 */
#include "cpu/timing/c906/lsu/actions.h"
#include "cpu/timing/c906/lsu/lsu.h"

/* Returns the oldest entry in a state, or -1. */
static int c906_stb_oldest(const struct c906_lsu *lsu, enum c906_store_state state)
{
	int chosen = -1;

	for (int n = 0; n < C906_STORES_MAX; n++)
		if (lsu->store[n].state == state &&
		    (chosen < 0 || lsu->store[n].sequence < lsu->store[chosen].sequence))
			chosen = n;
	return chosen;
}

static bool data_come(const struct c906_store *store, const struct c906_env *env,
		      const struct c906_lsu_cycle *cycle)
{
	if (!store->state || !store->waits)
		return false;
	if (store->amo)
		return env->now >= store->amo_data;
	return cycle->fp_written && cycle->fp_written == store->data_reg;
}

/*
 * Returns whether the entry completes the merge buffer, which has one full half of sixteen bytes.
 */
static bool completes_merge(const struct c906_lsu *lsu, const struct c906_env *env, int sends)
{
	const struct c906_merge *merge = &lsu->merge;
	const struct c906_store *store = &lsu->store[sends];

	return merge->state == C906_MERGE_HALF && merge->full && store->bytes == 0xff &&
	       c906_is_same(env, C906_SAME_BLOCK, store->pa, merge->pa) &&
	       !c906_is_same(env, C906_SAME_WORD, store->pa, merge->pa);
}

void c906_stores_choose(const struct c906_lsu *lsu, const struct c906_env *env,
			struct c906_lsu_cycle *cycle)
{
	bool port = !cycle->fill_port && !cycle->rdl_port && !cycle->replay_port &&
		    !cycle->walk_port && !cycle->load_port;

	cycle->writes = cycle->sends = -1;
	if (!c906_stores_any(lsu))
		return;
	cycle->writes = port ? c906_stb_oldest(lsu, C906_STORE_CACHE) : -1;
	cycle->sends = c906_stb_oldest(lsu, C906_STORE_BUS);
	cycle->sent = cycle->sends >= 0 && (lsu->merge.state == C906_MERGE_IDLE ||
					    completes_merge(lsu, env, cycle->sends));
	for (unsigned n = 0; n < C906_STORES_MAX; n++)
		if (data_come(&lsu->store[n], env, cycle))
			cycle->forwarded |= 1u << n;
	cycle->wakes |= cycle->writes >= 0 || cycle->sent || cycle->forwarded;
}

static u8 c906_stb_placed(const struct c906_store *store)
{
	if (store->waits)
		return C906_STORE_WAIT_DATA;
	if (store->hit)
		return C906_STORE_CACHE;
	return store->atomic ? C906_STORE_BUS : C906_STORE_MERGE;
}

static void c906_stb_create(struct c906_lsu *lsu, const struct c906_env *env,
			    struct c906_lsu_cycle *cycle)
{
	const struct c906_access *access = &cycle->dc;
	struct c906_store *store;

	cycle->created = (int)(lsu->store_create % (u32)env->params.store_buffers);
	store = &lsu->store[cycle->created];
	*store = (struct c906_store){
		.pa = access->pa, .va = access->va, .bytes = access->bytes,
		.sequence = ++lsu->sequence, .hit = cycle->hit,
		.amo = access->kind == C906_AMO, .atomic = c906_is_atomic(access->kind),
		.waits = access->waits || access->kind == C906_AMO,
		.data_reg = access->is_float ? access->data_reg : 0,
		.amo_data = cycle->loads ? env->now + C906_AMO_STAGES : UINT64_MAX,
	};
	store->state = cycle->waits_fill ? C906_STORE_WAIT_FILL : c906_stb_placed(store);
}

/*
 * Returns whether the store has to go to the bus as it is, without waiting for others to merge
 * with.
 */
static bool c906_stb_goes(const struct c906_lsu *lsu, const struct c906_env *env, unsigned n,
			  bool all)
{
	u32 depth = (u32)env->params.store_buffers;
	bool last = n == lsu->store_pop % depth;
	bool full = lsu->store[lsu->store_create % depth].state ||
		    (lsu->store_create - lsu->store_pop) % depth == 0;

	return lsu->store[n].bytes == 0xff || all || (full && last);
}

/* Returns whether the line of this entry arrives in this cycle. */
static bool c906_stb_arrives(const struct c906_lsu *lsu, const struct c906_lsu_cycle *cycle,
			     unsigned n)
{
	const struct c906_fill *fill = &lsu->fill[MAX(cycle->refilling, 0)];

	return cycle->fill_ends && !fill->ahead && fill->store == n && (!fill->load || fill->amo);
}

static void write_cache(const struct c906_env *env, struct c906_store *store)
{
	c906_action_dirties(env, store->va, store->pa);
	store->state = C906_STORE_IDLE;
}

static void c906_stb_step(struct c906_lsu *lsu, const struct c906_env *env,
			  const struct c906_lsu_cycle *cycle, unsigned n, bool all)
{
	struct c906_store *store = &lsu->store[n];

	if (cycle->forwarded >> n & 1)
		store->waits = false;
	switch (store->state) {
	case C906_STORE_WAIT_FILL:
		if (!c906_stb_arrives(lsu, cycle, n))
			break;
		store->hit = true;
		store->state = c906_stb_placed(store);
		break;
	case C906_STORE_WAIT_DATA:
		store->state = c906_stb_placed(store);
		break;
	case C906_STORE_CACHE:
		if (cycle->writes == (int)n)
			write_cache(env, store);
		break;
	case C906_STORE_MERGE:
		if (c906_stb_goes(lsu, env, n, all))
			store->state = C906_STORE_BUS;
		break;
	case C906_STORE_BUS:
		if (cycle->sent && cycle->sends == (int)n)
			store->state = C906_STORE_IDLE;
		break;
	default:
		break;
	}
}

void c906_stores_step(struct c906_lsu *lsu, const struct c906_env *env,
		      struct c906_lsu_cycle *cycle)
{
	bool atomic = cycle->compares && !cycle->replays && c906_is_atomic(cycle->dc.kind);
	bool all = cycle->clears || cycle->fence || atomic;
	u32 depth = (u32)env->params.store_buffers;

	cycle->created = -1;
	if (!cycle->stores && !c906_stores_any(lsu))
		return;
	if (cycle->stores)
		c906_stb_create(lsu, env, cycle);
	for (int n = 0; n < C906_STORES_MAX; n++)
		if (lsu->store[n].state && n != cycle->created)
			c906_stb_step(lsu, env, cycle, (unsigned)n, all);
	if (cycle->merges >= 0)
		lsu->store[cycle->merges].bytes |= cycle->dc.bytes;
	lsu->store_create += cycle->stores;
	while (lsu->store_pop != lsu->store_create && !lsu->store[lsu->store_pop % depth].state)
		lsu->store_pop++;
}
