/* SPDX-License-Identifier: MIT */
/* C906's instruction cache. See icache.h. */
#include "cpu/timing/c906/actions.h"
#include "cpu/timing/c906/ifu/icache.h"

#include <string.h>

static unsigned set_of(const struct c906_env *env, u64 va)
{
	return (unsigned)(va / C906_LINE) & (unsigned)(env->params.icache_sets - 1);
}

const struct c906_icache_line *c906_icache_find(const struct c906_env *env, u64 va, u64 pa)
{
	const struct c906_icache_line *set = env->tables->icache[set_of(env, va)];

	for (unsigned way = 0; way < C906_ICACHE_WAYS; way++)
		if (set[way].valid && set[way].address == align_down(pa, C906_LINE))
			return &set[way];
	return NULL;
}

static void c906_icache_deliver(struct c906_icache_cycle *cycle, u64 pc, u32 word)
{
	cycle->valid = true;
	cycle->pc = pc;
	cycle->word = word;
}

/* The mode is stored in the low bits of a page's address; it is not 0. */
#define PAGE_MODE(mode) ((mode) + 1)

/* Compares what is read: looks up its page, its line and the word. */
static void c906_icache_compare_tags(struct c906_icache *icache, const struct c906_env *env,
				     struct c906_mmu *mmu, struct c906_icache_cycle *cycle)
{
	enum c906_mode mode = c906_fetch_mode(mmu, env);
	unsigned reach = c906_fetch_reach(&mmu->context);
	u64 found, page = align_down(icache->read_va, PAGE_SIZE) | PAGE_MODE(mode);

	if (page != icache->page)
		c906_action_fetch_turn(env, icache->read_va, mode);
	found = c906_action_fetch(env, icache->read_va, mode, reach);
	icache->page = found & C906_FETCH_PAGE ? page : 0;
	cycle->translated = found & C906_FETCH_PAGE || mmu->iutlb.failed;
	cycle->faults = mmu->iutlb.failed ||
			(found & C906_FETCH_PAGE && !(found & C906_FETCH_EXECUTES));
	/* A word that may not be executed is predecoded, too, if it is there (aq_ifu_pred.v). */
	if (found & C906_FETCH_LINE)
		c906_icache_deliver(cycle, icache->read_va, (u32)found);
	else if (cycle->faults)
		c906_icache_deliver(cycle, icache->read_va, C906_NO_CODE);
	if (cycle->cancel)
		return;
	cycle->missed = cycle->translated && !cycle->valid;
	cycle->waits = !cycle->translated;
	if (cycle->missed)
		cycle->pa = c906_action_fetch_pa(env, icache->read_va, mode);
	else if (cycle->waits)
		c906_mmu_miss(mmu, env, icache->read_va, true);
}

void c906_icache_compare(struct c906_icache *icache, const struct c906_env *env,
			 struct c906_mmu *mmu, struct c906_icache_cycle *cycle)
{
	if (icache->reading)
		c906_icache_compare_tags(icache, env, mmu, cycle);
	if (cycle->cancel)
		mmu->iutlb.drops = true;
	/* The first beat has the wanted word, which bypasses the cache. */
	if (icache->refill == C906_REFILL_FIRST && env->now >= icache->beat && !icache->aborted)
		c906_icache_deliver(cycle, icache->va, c906_action_memory(env, icache->address));
	cycle->ready = icache->refill == C906_REFILL_IDLE && icache->ahead == C906_AHEAD_IDLE &&
		       !cycle->missed && !cycle->waits;
}

void c906_icache_begin(const struct c906_env *env, u64 va)
{
	unsigned set = set_of(env, va), way = env->tables->icache_next[set];
	struct c906_icache_line *line = &env->tables->icache[set][way];

	line->valid = false;
	env->tables->icache_next[set] = (u8)((way + 1) % C906_ICACHE_WAYS);
	c906_fetch_changes(env->tables, c906_word_group(line->address));
}

/* Fills in a line. If two lines are being refilled, they are adjacent, and so in different sets. */
void c906_icache_end(const struct c906_env *env, u64 va, u64 pa)
{
	unsigned set = set_of(env, va), next = env->tables->icache_next[set];
	unsigned way = (next + C906_ICACHE_WAYS - 1) % C906_ICACHE_WAYS;
	struct c906_icache_line *line = &env->tables->icache[set][way];

	c906_fetch_changes(env->tables, c906_word_group(pa));
	line->address = align_down(pa, C906_LINE);
	line->valid = true;
	if (!env->host.read(env->host.ctx, line->address, line->bytes, C906_LINE))
		memset(line->bytes, 0, C906_LINE);
}

static void c906_icache_miss(struct c906_icache *icache, u64 pa)
{
	icache->refill = C906_REFILL_REQUEST;
	icache->address = pa;
	icache->va = icache->read_va;
}

static void step_refill(struct c906_icache *icache, struct c906_env *env,
			const struct c906_icache_cycle *cycle)
{
	switch (icache->refill) {
	case C906_REFILL_IDLE:
	case C906_REFILL_TRANSLATE:
		if (cycle->missed)
			c906_icache_miss(icache, cycle->pa);
		else if (cycle->waits)
			icache->refill = C906_REFILL_TRANSLATE;
		else
			icache->refill = C906_REFILL_IDLE;
		break;
	case C906_REFILL_REQUEST:
		if (cycle->lsu_requests || c906_biu_read_waits(env, icache->address))
			break;
		icache->refill = C906_REFILL_FIRST;
		icache->beat = c906_biu_read(env);
		if (env->params.icache_prefetch)
			icache->ahead = C906_AHEAD_READ;
		break;
	case C906_REFILL_FIRST:
		if (env->now < icache->beat)
			break;
		c906_action_line_begins(env, icache->va);
		icache->refill = C906_REFILL_REST;
		break;
	default:
		if (env->now < icache->beat + C906_BEATS - 1)
			break;
		c906_action_line_ends(env, icache->va, icache->address);
		icache->refill = C906_REFILL_IDLE;
		break;
	}
}

/* Returns the address of the next line, which is in the same page. */
static u64 next_line(u64 address)
{
	return align_down(address, PAGE_SIZE) | bits(address / C906_LINE + 1, 0, 6) * C906_LINE;
}

static void step_ahead(struct c906_icache *icache, struct c906_env *env,
		       const struct c906_icache_cycle *cycle, bool demand)
{
	u64 address = next_line(icache->address), va = next_line(icache->va);

	switch (icache->ahead) {
	case C906_AHEAD_READ:
		icache->ahead = C906_AHEAD_CHECK;
		break;
	case C906_AHEAD_CHECK:
		icache->ahead = C906_AHEAD_IDLE;
		if (!cycle->cancel && !c906_action_line(env, va, address))
			icache->ahead = C906_AHEAD_REQUEST;
		break;
	case C906_AHEAD_REQUEST:
		if (cycle->lsu_requests || demand || c906_biu_read_waits(env, address))
			break;
		icache->ahead = C906_AHEAD_FIRST;
		icache->ahead_beat = c906_biu_read(env);
		icache->ahead_address = address;
		icache->ahead_va = va;
		break;
	case C906_AHEAD_FIRST:
		if (env->now < icache->ahead_beat)
			break;
		c906_action_line_begins(env, icache->ahead_va);
		icache->ahead = C906_AHEAD_REST;
		break;
	case C906_AHEAD_REST:
		if (env->now < icache->ahead_beat + C906_BEATS - 1)
			break;
		c906_action_line_ends(env, icache->ahead_va, icache->ahead_address);
		icache->ahead = C906_AHEAD_IDLE;
		break;
	default:
		break;
	}
}

static void step_invalidation(struct c906_icache *icache, const struct c906_env *env,
			      const struct c906_icache_cycle *cycle)
{
	if (icache->invalidation == C906_INVALIDATION_RUNS && env->now >= icache->invalidated) {
		icache->invalidation = C906_INVALIDATION_NONE;
	} else if (icache->invalidation == C906_INVALIDATION_ASKED && cycle->ready) {
		icache->invalidation = C906_INVALIDATION_RUNS;
		icache->invalidated = env->now + env->params.icache_sets;
		for (unsigned set = 0; set < C906_ICACHE_SETS_MAX; set++)
			for (unsigned way = 0; way < C906_ICACHE_WAYS; way++)
				env->tables->icache[set][way].valid = false;
		c906_all_fetches_change(env->tables);
	}
}

void c906_icache_step(struct c906_icache *icache, struct c906_env *env, u64 fetch_pc,
		      const struct c906_icache_cycle *cycle)
{
	bool busy = icache->refill != C906_REFILL_IDLE;
	bool demand = icache->refill == C906_REFILL_REQUEST;
	u8 ahead = icache->ahead;

	/* pcgen continues even if an invalidation keeps the cache from reading. */
	if (cycle->fetches && cycle->ready && !icache->invalidation) {
		icache->reading = true;
		icache->read_va = fetch_pc;
	} else if (cycle->translated || cycle->cancel) {
		icache->reading = false;
	}
	if (!busy)
		icache->aborted = false;
	else if (cycle->cancel && icache->refill != C906_REFILL_TRANSLATE)
		icache->aborted = true;
	step_refill(icache, env, cycle);
	if (ahead != C906_AHEAD_IDLE)
		step_ahead(icache, env, cycle, demand);
	if (icache->invalidation)
		step_invalidation(icache, env, cycle);
}

void c906_icache_invalidate(struct c906_icache *icache)
{
	icache->invalidation = C906_INVALIDATION_ASKED;
}
