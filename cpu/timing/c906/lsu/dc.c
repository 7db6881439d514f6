/* SPDX-License-Identifier: MIT */
/*
 * DC, the second stage of C906's LSU (aq_lsu_dc.v): it compares tags and the buffers, and either
 * passes an access on or has it replayed. See lsu.h.
 */
#include "cpu/timing/c906/lsu/actions.h"
#include "cpu/timing/c906/lsu/lsu.h"

/* The matches of an access in the buffers. */
struct matches {
	bool fill_index, fill_line, store_index, store_word, victim_index;
	/* some of its bytes are in a store, but that does not have exactly the same bytes */
	bool partial;
	bool overlap; /* some of its bytes are in a store */
	bool pending; /* a store has exactly its bytes, but no data yet */
	int merge; /* a store to the same eight bytes that can take more, or -1 */
};

/*
 * Returns a bit for each byte of an access among the eight at its address. A half of an access has
 * them already.
 */
static u8 c906_dc_bytes_of(const struct c906_env *env, const struct c906_access *access)
{
	if (access->bytes)
		return access->bytes;
	return c906_access_bytes(access, c906_action_bits(env, access->va, 7));
}

static void match_fills(const struct c906_lsu *lsu, const struct c906_env *env,
			const struct c906_access *access, struct matches *matches)
{
	u64 others[C906_IN_FLIGHT_MAX];
	unsigned count = c906_lsu_fills(lsu, others);

	matches->fill_index = c906_action_same(env, C906_SAME_INDEX, access->pa, others, count);
	if (matches->fill_index)
		matches->fill_line =
			c906_action_same(env, C906_SAME_LINE, access->pa, others, count);
	matches->victim_index = lsu->victim.state &&
				c906_is_same(env, C906_SAME_INDEX, lsu->victim.pa, access->pa);
}

static void match_indexes(const struct c906_lsu *lsu, const struct c906_env *env,
			  const struct c906_access *access, struct matches *matches)
{
	u64 others[C906_IN_FLIGHT_MAX];
	unsigned count = c906_lsu_stores(lsu, others);

	if (lsu->merge.state)
		others[count++] = lsu->merge.pa;
	matches->store_index = c906_action_same(env, C906_SAME_INDEX, access->pa, others, count);
}

static void match_store(const struct c906_lsu *lsu, const struct c906_env *env,
			const struct c906_access *access, struct matches *matches, int n)
{
	const struct c906_store *store = &lsu->store[n];
	u8 bytes = c906_dc_bytes_of(env, access);

	matches->store_word = true;
	if (store->bytes & bytes) {
		matches->overlap = true;
		matches->partial |= store->bytes != bytes;
	}
	matches->pending |= store->bytes == bytes && store->waits;
	if (store->state == C906_STORE_MERGE)
		matches->merge = n;
}

static void match_stores(const struct c906_lsu *lsu, const struct c906_env *env,
			 const struct c906_access *access, struct matches *matches)
{
	const struct c906_merge *merge = &lsu->merge;
	u64 others[C906_STORES_MAX];
	unsigned count = c906_lsu_stores(lsu, others);
	u32 same = c906_action_same(env, C906_SAME_WORD, access->pa, others, count);

	matches->merge = -1;
	for (int n = 0; n < C906_STORES_MAX && same; n++) {
		if (!lsu->store[n].state)
			continue;
		if (same & 1)
			match_store(lsu, env, access, matches, n);
		same >>= 1;
	}
	matches->partial |= merge->state &&
			    c906_is_same(env, C906_SAME_BLOCK, merge->pa, access->pa);
}

/*
 * Returns whether an outstanding load writes a register of the same number, in either file
 * (aq_lsu_lfb_entry.v, preg).
 */
static bool waits_for_load(const struct c906_lsu *lsu, const struct c906_access *access)
{
	for (unsigned n = 0; n < C906_FILLS_MAX; n++) {
		const struct c906_fill *fill = &lsu->fill[n];

		if (fill->state && fill->load && !fill->ahead && !fill->walks &&
		    fill->reg % C906_F == access->reg % C906_F)
			return true;
	}
	return false;
}

static bool load_replays(const struct c906_lsu *lsu, const struct c906_env *env,
			 const struct c906_lsu_cycle *cycle, const struct matches *matches)
{
	const struct c906_access *access = &cycle->dc;
	bool atomic = c906_is_atomic(access->kind), miss = !cycle->hit;
	bool replays = matches->partial || matches->pending || (!miss && cycle->fill_data);

	if (miss)
		replays |= c906_fills_full(lsu, env) || matches->fill_index ||
			   matches->store_index || matches->victim_index;
	if (access->walks)
		return replays;
	replays |= waits_for_load(lsu, access) ||
		   (atomic && (matches->fill_index || matches->store_index));
	if (access->half == C906_FIRST)
		replays |= lsu->joins;
	else if (access->half == C906_SECOND)
		replays |= !(lsu->joins && lsu->joined);
	return replays;
}

static bool store_replays(const struct c906_lsu *lsu, const struct c906_env *env,
			  const struct c906_lsu_cycle *cycle, const struct matches *matches,
			  bool allocates)
{
	const struct c906_access *access = &cycle->dc;
	bool miss = !cycle->hit, merges = cycle->merges >= 0;
	u32 slot = lsu->store_create % (u32)env->params.store_buffers;
	bool replays = matches->fill_line || matches->victim_index;

	replays |= access->waits && !access->is_float;
	replays |= !merges && lsu->store[slot].state;
	if (miss && allocates && !merges)
		replays |= c906_fills_full(lsu, env) || matches->store_index || matches->fill_index;
	if (miss && !allocates && !merges)
		replays |= matches->store_word;
	if (!miss)
		replays |= matches->fill_index || matches->overlap;
	if (access->kind == C906_SC)
		replays |= cycle->fill_data || waits_for_load(lsu, access);
	return replays || (c906_is_atomic(access->kind) && matches->store_index);
}

/* Returns whether stores that wait to be merged must be sent, so that this access can continue. */
static bool c906_dc_clears(const struct c906_lsu_cycle *cycle, const struct matches *matches,
			   bool allocates)
{
	const struct c906_access *access = &cycle->dc;
	bool loads = c906_access_loads(access), stores = c906_access_stores(access);
	bool miss = !cycle->hit, merges = cycle->merges >= 0;

	return (loads && (matches->partial || (miss && matches->store_index))) ||
	       (stores && !merges && miss && allocates && matches->store_index) ||
	       (stores && !merges && !access->waits && matches->store_word) ||
	       (c906_is_atomic(access->kind) && matches->store_index);
}

static void c906_dc_pass(struct c906_lsu *lsu, const struct c906_env *env,
			 struct c906_lsu_cycle *cycle, bool allocates)
{
	const struct c906_access *access = &cycle->dc;
	bool loads = c906_access_loads(access), stores = c906_access_stores(access);
	bool miss = !cycle->hit, done = !access->sc_fails;
	bool fills = miss && (loads || (done && allocates && cycle->merges < 0));

	cycle->allocates = fills;
	cycle->stores = stores && done && cycle->merges < 0;
	if (!stores || !done)
		cycle->merges = -1;
	cycle->waits_fill = miss && (allocates || access->kind == C906_AMO);
	cycle->loads = loads && !miss;
	cycle->counts = access->kind == C906_LOAD && !access->walks;
	cycle->missed = miss && !cycle->alias;
	if (access->kind == C906_STORE)
		lsu->streams = cycle->counted ? cycle->runs :
						c906_action_amr(env, access, cycle->missed);
	else if (stores && c906_is_atomic(access->kind))
		c906_lsu_allocate(lsu, env);
}

/*
 * Returns whether the FP units still hold the access (aq_lsu_dc.v, vlsu_buf_stall and
 * dc_wdata_vld_final).
 */
static bool waits_for_units(const struct c906_lsu_cycle *cycle)
{
	return cycle->holds_float && cycle->dc.is_float && cycle->held == cycle->dc.number;
}

/*
 * Returns whether a load passes if its line is there. Then the prefetcher, or for a store the AMR,
 * sees it next.
 */
static bool is_plain_load(const struct c906_lsu *lsu, const struct c906_env *env,
			  const struct c906_lsu_cycle *cycle, const struct matches *matches)
{
	return cycle->dc.kind == C906_LOAD && cycle->dc.half == C906_WHOLE && !cycle->dc.walks &&
	       !lsu->runs_ahead && !waits_for_units(cycle) &&
	       !load_replays(lsu, env, cycle, matches);
}

static bool is_plain_store(const struct c906_lsu *lsu, const struct c906_env *env,
			   const struct c906_lsu_cycle *cycle, const struct matches *matches)
{
	return cycle->dc.kind == C906_STORE && cycle->dc.half == C906_WHOLE &&
	       !waits_for_units(cycle) && !store_replays(lsu, env, cycle, matches, false);
}

static void c906_dc_look_up(struct c906_lsu *lsu, const struct c906_env *env,
			    struct c906_lsu_cycle *cycle, const struct matches *matches)
{
	const struct c906_access *access = &cycle->dc;
	bool load, store;
	u64 found;

	cycle->hit = true;
	load = is_plain_load(lsu, env, cycle, matches);
	store = is_plain_store(lsu, env, cycle, matches);
	if (load)
		found = c906_action_load(env, access);
	else if (store)
		found = c906_action_store(env, access);
	else
		found = c906_action_hit(env, access->va, access->pa);
	cycle->hit = found & C906_LINE_THERE;
	cycle->alias = found & C906_ALIAS_THERE;
	cycle->counted = (load || store) && cycle->hit;
	cycle->runs = found & (C906_LOAD_RUNS | C906_STORE_STREAMS);
}

static void c906_dc_compare_access(struct c906_lsu *lsu, const struct c906_env *env,
				   struct c906_lsu_cycle *cycle, struct matches *matches)
{
	const struct c906_access *access = &cycle->dc;
	bool stores = c906_access_stores(access), loads = c906_access_loads(access);
	bool miss, atomic = c906_is_atomic(access->kind), allocates;

	cycle->merges = access->kind == C906_STORE && !access->waits ? matches->merge : -1;
	if (stores || atomic)
		match_fills(lsu, env, access, matches);
	c906_dc_look_up(lsu, env, cycle, matches);
	miss = !cycle->hit;
	if (miss && !stores && !atomic)
		match_fills(lsu, env, access, matches);
	if (miss || atomic)
		match_indexes(lsu, env, access, matches);
	allocates = !lsu->streams || cycle->alias;
	cycle->replays = (loads && load_replays(lsu, env, cycle, matches)) ||
			 (stores && store_replays(lsu, env, cycle, matches, allocates));
	if (waits_for_units(cycle))
		cycle->replays = cycle->wakes = true;
	cycle->keeps_fill = miss && (loads || (allocates && cycle->merges < 0));
	cycle->clears = c906_dc_clears(cycle, matches, allocates);
	if (cycle->replays)
		cycle->merges = -1;
	else
		c906_dc_pass(lsu, env, cycle, allocates);
}

/* Takes the data that a store waits for, from the LSU itself or from the FP units. */
static void c906_dc_receive(struct c906_lsu *lsu, const struct c906_lsu_cycle *cycle)
{
	struct c906_access *dc = &lsu->dc, *ag = &lsu->ag;
	bool loaded = lsu->da.valid && lsu->da.reg == dc->data_reg;
	bool computed = cycle->fp_written == dc->data_reg ||
			(lsu->dc_state == C906_DC_COMPARE && cycle->fp_writing == dc->data_reg);

	if (lsu->dc_state && dc->waits && (dc->is_float ? computed : loaded))
		dc->waits = false;
	if (lsu->ag_valid && ag->waits && ag->is_float && cycle->fp_written == ag->data_reg)
		ag->waits = false;
}

void c906_dc_compare(struct c906_lsu *lsu, const struct c906_env *env, struct c906_lsu_cycle *cycle)
{
	const struct c906_access *access = &cycle->dc;
	struct matches matches = { 0 };
	bool stores;

	cycle->merges = -1;
	c906_dc_receive(lsu, cycle);
	cycle->dc = lsu->dc;
	if (lsu->dc_state == C906_DC_IDLE)
		return;
	stores = c906_access_stores(access);
	match_stores(lsu, env, access, &matches);
	cycle->compares = lsu->dc_state == C906_DC_COMPARE;
	if (cycle->compares)
		c906_dc_compare_access(lsu, env, cycle, &matches);
	else
		cycle->clears = stores ? matches.store_word && !access->waits : matches.partial;
	/* A store that waits for an integer register is tried again each time. */
	if (lsu->dc_state != C906_DC_REPLAY && access->kind == C906_STORE && access->waits &&
	    !access->is_float)
		cycle->wakes = true;
}

void c906_dc_step(struct c906_lsu *lsu, struct c906_mmu *mmu, struct c906_lsu_cycle *cycle)
{
	bool port = !cycle->fill_port && !cycle->rdl_port;
	bool enters = cycle->ag_moves || cycle->walk_moves;

	if (lsu->dc_state == C906_DC_IDLE || (cycle->compares && !cycle->replays))
		lsu->dc_state = enters ? C906_DC_COMPARE : C906_DC_IDLE;
	else if (lsu->dc_state != C906_DC_REPLAY)
		lsu->dc_state = cycle->wakes ? C906_DC_REPLAY : C906_DC_FROZEN;
	else
		lsu->dc_state = port ? C906_DC_COMPARE : C906_DC_REPLAY;
	if (!cycle->walk_moves)
		return;
	lsu->dc = (struct c906_access){
		.va = mmu->walker.pointer, .pa = mmu->walker.pointer, .kind = C906_LOAD,
		.size = 8, .bytes = 0xff, .reg = C906_NO_REG, .walks = true,
	};
	mmu->walker.frozen = true;
}
