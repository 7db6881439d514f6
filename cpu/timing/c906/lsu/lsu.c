/* SPDX-License-Identifier: MIT */
/*
 * A cycle of C906's LSU: which unit has the port, and the order in which they are stepped. See
 * lsu.h.
 */
#include "cpu/timing/c906/lsu/actions.h"
#include "cpu/timing/c906/lsu/lsu.h"

static bool is_fetching(const struct c906_lsu *lsu)
{
	for (unsigned n = 0; n < C906_FILLS_MAX; n++)
		if (lsu->fill[n].state)
			return true;
	return false;
}

static bool is_storing(const struct c906_lsu *lsu)
{
	for (unsigned n = 0; n < C906_STORES_MAX; n++)
		if (lsu->store[n].state)
			return true;
	return lsu->merge.state || lsu->burst.state;
}

bool c906_lsu_empty(const struct c906_lsu *lsu)
{
	return !is_fetching(lsu) && !is_storing(lsu) && !lsu->victim.state;
}

bool c906_lsu_drained(const struct c906_lsu *lsu)
{
	if (lsu->ag_valid || lsu->dc_state || lsu->da.valid)
		return false;
	if (!c906_fills_any(lsu))
		return true;
	for (unsigned n = 0; n < C906_FILLS_MAX; n++) {
		const struct c906_fill *fill = &lsu->fill[n];

		if (fill->state && fill->load && !fill->ahead && !fill->walks)
			return false;
	}
	return true;
}

bool c906_lsu_idle(const struct c906_lsu *lsu, const struct c906_mmu *mmu)
{
	if (lsu->ag_valid || lsu->dc_state || lsu->da.valid || lsu->rdl.state ||
	    c906_fills_any(lsu) || c906_stores_any(lsu) || lsu->merge.state || lsu->burst.state ||
	    lsu->victim.state || lsu->runs_ahead || c906_mmu_reads(mmu))
		return false;
	return true;
}

void c906_lsu_allocate(struct c906_lsu *lsu, const struct c906_env *env)
{
	env->tables->learned.amr.state = C906_AMR_IDLE;
	lsu->streams = false;
}

unsigned c906_lsu_fills(const struct c906_lsu *lsu, u64 *pa)
{
	unsigned count = 0;

	for (unsigned n = 0; n < C906_FILLS_MAX; n++)
		if (lsu->fill[n].state)
			pa[count++] = lsu->fill[n].pa;
	return count;
}

unsigned c906_lsu_stores(const struct c906_lsu *lsu, u64 *pa)
{
	unsigned count = 0;

	for (unsigned n = 0; n < C906_STORES_MAX; n++)
		if (lsu->store[n].state)
			pa[count++] = lsu->store[n].pa;
	return count;
}

/*
 * Returns the fill buffer whose beat comes, or -1. Beats from the bus do not wait; those of a line
 * that moves do.
 */
static int find_refill(const struct c906_lsu *lsu, const struct c906_env *env, bool moves)
{
	for (int n = 0; n < C906_FILLS_MAX; n++)
		if (lsu->fill[n].state == C906_FILL_REFILL && lsu->fill[n].alias == moves &&
		    lsu->fill[n].beat <= env->now)
			return n;
	return -1;
}

static void find_beat(const struct c906_lsu *lsu, const struct c906_env *env,
		      struct c906_lsu_cycle *cycle)
{
	cycle->refilling = c906_fills_any(lsu) ? find_refill(lsu, env, false) : -1;
	if (cycle->refilling < 0 && c906_fills_any(lsu))
		cycle->refilling = find_refill(lsu, env, true);
	if (cycle->refilling < 0)
		return;
	cycle->beat = (unsigned)(env->now - lsu->fill[cycle->refilling].beat);
	cycle->fill_port = true;
	cycle->fill_data = cycle->beat == 0 && lsu->fill[cycle->refilling].load;
	cycle->fill_ends = cycle->beat == C906_BEATS - 1;
	cycle->wakes |= cycle->fill_data || cycle->fill_ends;
}

static bool reads_port(const struct c906_victim_read *rdl)
{
	return rdl->state == C906_RDL_DIRTY || rdl->state == C906_RDL_TAG ||
	       (rdl->state >= C906_RDL_DATA && rdl->state < C906_RDL_AGAIN);
}

/* Arbitrates the requests for the port of the cache (aq_lsu_arb.v). */
static void c906_lsu_arbitrate(const struct c906_lsu *lsu, const struct c906_mmu *mmu,
			       struct c906_lsu_cycle *cycle)
{
	const struct c906_access *ag = lsu->ag_valid ? &lsu->ag : cycle->entering;
	bool frozen = lsu->dc_state == C906_DC_FROZEN;

	cycle->rdl_port = reads_port(&lsu->rdl);
	cycle->replay_port = lsu->dc_state == C906_DC_REPLAY;
	cycle->walk_port = c906_mmu_reads(mmu) && !mmu->walker.frozen && !frozen;
	cycle->load_port = ag && !frozen && ag->kind != C906_STORE && ag->kind != C906_SC;
}

/* Data of an access, or of one of its halves, that have arrived. */
struct arrival {
	bool walks;
	u8 half, reg;
};

static void c906_lsu_arrive(struct c906_lsu *lsu, struct c906_mmu *mmu,
			    struct c906_lsu_cycle *cycle, const struct arrival *arrival)
{
	if (arrival->walks) {
		mmu->walker.answered = true;
		return;
	}
	if (arrival->half == C906_FIRST) {
		lsu->joined = true;
		return;
	}
	if (arrival->half == C906_SECOND)
		lsu->joins = false;
	cycle->da = (struct c906_da){ true, arrival->reg };
}

static void align_data(struct c906_lsu *lsu, const struct c906_env *env, struct c906_mmu *mmu,
		       struct c906_lsu_cycle *cycle)
{
	const struct c906_access *access = &cycle->dc;
	const struct c906_fill *fill = &lsu->fill[MAX(cycle->refilling, 0)];
	const struct arrival filled = { fill->walks, fill->half, fill->reg };
	const struct arrival loaded = { access->walks, access->half, access->reg };
	bool passes = cycle->compares && !cycle->replays;

	if (cycle->fill_data)
		c906_lsu_arrive(lsu, mmu, cycle, &filled);
	else if (cycle->loads)
		c906_lsu_arrive(lsu, mmu, cycle, &loaded);
	if (cycle->fill_data && fill->amo)
		lsu->store[fill->store].amo_data = env->now + C906_AMO_STAGES;
	if (passes && access->kind == C906_SC)
		cycle->da = (struct c906_da){ true, access->reg };
	if (passes && access->half == C906_FIRST && access->kind == C906_LOAD) {
		lsu->joins = true;
		lsu->joined = cycle->loads;
	}
	if (cycle->da.valid && cycle->da.reg < C906_F)
		cycle->data = cycle->da.reg;
}

void c906_lsu_step(struct c906_lsu *lsu, struct c906_env *env, struct c906_mmu *mmu,
		   struct c906_lsu_cycle *cycle)
{
	cycle->victim_free = lsu->victim.state == C906_VICTIM_IDLE;
	cycle->victim_offers = lsu->victim.state == C906_VICTIM_OFFER;
	cycle->reads = lsu->reads;
	find_beat(lsu, env, cycle);
	c906_lsu_arbitrate(lsu, mmu, cycle);
	c906_stores_choose(lsu, env, cycle);
	c906_dc_compare(lsu, env, cycle);
	align_data(lsu, env, mmu, cycle);
	c906_writes_step(lsu, env, cycle);
	c906_rdl_step(lsu, env, cycle);
	c906_ag_step(lsu, env, mmu, cycle);
	c906_dc_step(lsu, mmu, cycle);
	c906_stores_step(lsu, env, cycle);
	c906_fills_step(lsu, env, cycle);
	if (lsu->runs_ahead)
		lsu->runs_ahead = c906_action_stream_step(env, cycle->prefetched);
	if (cycle->counts)
		lsu->runs_ahead = cycle->counted ?
					  cycle->runs :
					  c906_action_stream_load(env, &cycle->dc, cycle->missed);
	if (!cycle->sync)
		return;
	c906_prefetch_flush(&env->tables->learned.prefetcher);
	lsu->runs_ahead = false;
}
