/* SPDX-License-Identifier: MIT */
/* C906's instruction cache. See icache.h. */
#include "cpu/timing/c906/icache.h"

#include <string.h>

/* What is decoded where nothing can be fetched: only that it is there matters. */
#define NO_CODE 0x00010001 /* C.NOP */

/* By virtual address: a line that is mapped twice may be there twice. */
static unsigned set_of(const struct c906_env *env, u64 va)
{
	return (unsigned)(va / C906_LINE) & (unsigned)(env->params.icache_sets - 1);
}

static const struct c906_icache_line *find(const struct c906_env *env, u64 va, u64 pa)
{
	const struct c906_icache_line *set = env->tables->icache[set_of(env, va)];

	for (unsigned way = 0; way < C906_ICACHE_WAYS; way++)
		if (set[way].valid && set[way].address == align_down(pa, C906_LINE))
			return &set[way];
	return NULL;
}

static u32 word_at(const u8 *bytes, u64 pc)
{
	u32 word;

	memcpy(&word, bytes + (align_down(pc, 4) % C906_LINE), sizeof(word));
	return word;
}

static u32 word_in_memory(const struct c906_env *env, u64 pa)
{
	u32 word;

	if (!env->host.read(env->host.ctx, align_down(pa, 4), &word, sizeof(word)))
		return NO_CODE;
	return word;
}

static void deliver(struct c906_icache_cycle *cycle, u64 pc, u32 word)
{
	cycle->valid = true;
	cycle->pc = pc;
	cycle->word = word;
}

static void translate(const struct c906_icache *icache, const struct c906_env *env,
		      struct c906_mmu *mmu, struct c906_icache_cycle *cycle)
{
	enum c906_mode mode = c906_fetch_mode(&mmu->context);
	const struct c906_page *page = c906_utlb_find(&mmu->iutlb, icache->read_va, mode);

	cycle->translated = page || mmu->iutlb.failed;
	cycle->faults = mmu->iutlb.failed || (page && !c906_page_executes(page, &mmu->context));
	if (page)
		cycle->pa = c906_page_translate(page, icache->read_va);
	else if (!cycle->translated && !cycle->cancel)
		c906_utlb_request(&mmu->iutlb, env, icache->read_va, mode);
}

void c906_icache_compare(struct c906_icache *icache, const struct c906_env *env,
			 struct c906_mmu *mmu, struct c906_icache_cycle *cycle)
{
	const struct c906_icache_line *line = NULL;

	if (icache->reading) {
		translate(icache, env, mmu, cycle);
		if (cycle->translated && !cycle->faults)
			line = find(env, icache->read_va, cycle->pa);
		if (line)
			deliver(cycle, icache->read_va, word_at(line->bytes, icache->read_va));
		else if (cycle->faults)
			deliver(cycle, icache->read_va, NO_CODE);
		cycle->missed = cycle->translated && !cycle->valid && !cycle->cancel;
		cycle->waits = !cycle->translated && !cycle->cancel;
	}
	if (cycle->cancel)
		mmu->iutlb.drops = true;
	/* The first beat holds the wanted word, and goes past the cache. */
	if (icache->refill == C906_REFILL_FIRST && env->now >= icache->beat && !icache->aborted)
		deliver(cycle, icache->va, word_in_memory(env, icache->address));
	cycle->ready = icache->refill == C906_REFILL_IDLE && icache->ahead == C906_AHEAD_IDLE &&
		       !cycle->missed && !cycle->waits;
}

/* The first beat takes the way; with the last the line is there. */
static void begin_line(const struct c906_env *env, u64 va, u8 way)
{
	unsigned set = set_of(env, va);

	env->tables->icache[set][way].valid = false;
	env->tables->icache_next[set] = (u8)((way + 1) % C906_ICACHE_WAYS);
}

static void end_line(const struct c906_env *env, u64 va, u8 way, u64 pa)
{
	struct c906_icache_line *line = &env->tables->icache[set_of(env, va)][way];

	line->address = align_down(pa, C906_LINE);
	line->valid = true;
	if (!env->host.read(env->host.ctx, line->address, line->bytes, C906_LINE))
		memset(line->bytes, 0, C906_LINE);
}

static void miss(struct c906_icache *icache, const struct c906_env *env, u64 pa)
{
	icache->refill = C906_REFILL_REQUEST;
	icache->address = pa;
	icache->va = icache->read_va;
	icache->way = env->tables->icache_next[set_of(env, icache->va)];
}

static void step_refill(struct c906_icache *icache, struct c906_env *env,
			const struct c906_icache_cycle *cycle)
{
	switch (icache->refill) {
	case C906_REFILL_IDLE:
	case C906_REFILL_TRANSLATE:
		if (cycle->missed)
			miss(icache, env, cycle->pa);
		else if (cycle->waits)
			icache->refill = C906_REFILL_TRANSLATE;
		else
			icache->refill = C906_REFILL_IDLE;
		break;
	case C906_REFILL_REQUEST:
		if (cycle->lsu_asks || c906_biu_read_waits(env, icache->address))
			break;
		icache->refill = C906_REFILL_FIRST;
		icache->beat = c906_biu_read(env);
		if (env->params.icache_prefetch)
			icache->ahead = C906_AHEAD_READ;
		break;
	case C906_REFILL_FIRST:
		if (env->now < icache->beat)
			break;
		begin_line(env, icache->va, icache->way);
		icache->refill = C906_REFILL_REST;
		break;
	default:
		if (env->now < icache->beat + C906_BEATS - 1)
			break;
		end_line(env, icache->va, icache->way, icache->address);
		icache->refill = C906_REFILL_IDLE;
		break;
	}
}

/* Within the page. */
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
		icache->ahead_way = env->tables->icache_next[set_of(env, va)];
		icache->ahead = find(env, va, address) || cycle->cancel ? C906_AHEAD_IDLE :
									      C906_AHEAD_REQUEST;
		break;
	case C906_AHEAD_REQUEST:
		if (cycle->lsu_asks || demand || c906_biu_read_waits(env, address))
			break;
		icache->ahead = C906_AHEAD_FIRST;
		icache->ahead_beat = c906_biu_read(env);
		icache->ahead_address = address;
		icache->ahead_va = va;
		break;
	case C906_AHEAD_FIRST:
		if (env->now < icache->ahead_beat)
			break;
		begin_line(env, icache->ahead_va, icache->ahead_way);
		icache->ahead = C906_AHEAD_REST;
		break;
	case C906_AHEAD_REST:
		if (env->now < icache->ahead_beat + C906_BEATS - 1)
			break;
		end_line(env, icache->ahead_va, icache->ahead_way, icache->ahead_address);
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
	}
}

void c906_icache_step(struct c906_icache *icache, struct c906_env *env, u64 fetch_pc,
		      const struct c906_icache_cycle *cycle)
{
	bool busy = icache->refill != C906_REFILL_IDLE;
	bool demand = icache->refill == C906_REFILL_REQUEST;
	u8 ahead = icache->ahead;

	/* pcgen is not told that an invalidation keeps it from reading, and goes on. */
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
