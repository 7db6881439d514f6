/* SPDX-License-Identifier: MIT */
/*
 * The most frequent actions of C906's LSU (actions.h), by addresses. If nothing is recorded they
 * are performed at once, otherwise by the addresses' places (actions_encoding.h).
 */
#ifndef CPU_TIMING_C906_LSU_PERFORM_H
#define CPU_TIMING_C906_LSU_PERFORM_H

#include "cpu/timing/c906/lsu/actions.h"
#include "cpu/timing/c906/lsu/dcache.h"
#include "cpu/timing/c906/lsu/streams.h"
#include "cpu/timing/c906/mmu/utlb.h"

/* A lookup of a page has a mode, a size, and the low bits of the address that are wanted. */
#define C906_PAGE_SIZE_SHIFT 8
#define C906_PAGE_LOW_SHIFT 16

static ALWAYS_INLINE u64 c906_page_found(const struct c906_env *env, u64 va, u64 how)
{
	struct c906_pages *pages = &env->tables->learned.dutlb;
	u64 low = va % 8, size = (u8)(how >> C906_PAGE_SIZE_SHIFT);
	u64 found = (low + size > 8 ? C906_PAGE_CROSSES : 0) | (low & how >> C906_PAGE_LOW_SHIFT)
								       << C906_PAGE_OFFSET_SHIFT;

	if (likely(c906_pages_find(pages, va, (u8)how)))
		return found | C906_PAGE_THERE;
	return found | (c906_is_illegal(env, va, (u8)how) ? C906_PAGE_ILLEGAL : 0);
}

static ALWAYS_INLINE u64 c906_line_found(const struct c906_env *env, u64 va, u64 pa)
{
	unsigned set = c906_dcache_set(env, va), other = c906_dcache_other(env, set);
	unsigned alike = c906_dcache_alike(env->tables, set, other, pa);

	for (; alike; alike &= alike - 1) {
		unsigned way = (unsigned)__builtin_ctz(alike);
		bool own = way < C906_DCACHE_WAYS;

		way %= C906_DCACHE_WAYS;
		if (env->tables->dcache[own ? set : other][way].tag == c906_dcache_tag(pa))
			return own ? C906_LINE_THERE : C906_ALIAS_THERE;
	}
	return 0;
}

static ALWAYS_INLINE u64 c906_load_in_streams(const struct c906_env *env,
					      const struct c906_access *load, bool missed)
{
	struct c906_prefetcher *prefetcher = &env->tables->learned.prefetcher;

	c906_prefetch_load(prefetcher, &env->params, load, missed);
	return c906_prefetch_runs(prefetcher, &env->params);
}

static ALWAYS_INLINE u64 c906_load_found(const struct c906_env *env, const struct c906_access *load)
{
	u64 found = c906_line_found(env, load->va, load->pa);

	if (found & C906_LINE_THERE && c906_load_in_streams(env, load, false))
		found |= C906_LOAD_RUNS;
	return found;
}

static ALWAYS_INLINE u64 c906_store_in_amr(const struct c906_env *env,
					   const struct c906_access *store, bool missed)
{
	struct c906_amr *amr = &env->tables->learned.amr;

	c906_amr_store(amr, &env->params, store, missed);
	return amr->state == C906_AMR_ACTIVE;
}

static ALWAYS_INLINE u64 c906_store_found(const struct c906_env *env,
					  const struct c906_access *store)
{
	u64 found = c906_line_found(env, store->va, store->pa);

	if (found & C906_LINE_THERE && c906_store_in_amr(env, store, false))
		found |= C906_STORE_STREAMS;
	return found;
}

static ALWAYS_INLINE u64 c906_alias_found(const struct c906_env *env, u64 va, u64 pa)
{
	const struct c906_dcache_line *line = c906_dcache_alias(env, va, pa);

	return line ? C906_ALIAS_THERE | (line->dirty ? C906_ALIAS_DIRTY : 0) : 0;
}

static ALWAYS_INLINE u64 c906_alias_moves(const struct c906_env *env, u64 va, u64 pa)
{
	struct c906_dcache_line *line = c906_dcache_alias(env, va, pa);

	if (line)
		*line = (struct c906_dcache_line){ .tag = 0 };
	return 0;
}

static ALWAYS_INLINE u64 c906_line_dirties(const struct c906_env *env, u64 va, u64 pa)
{
	struct c906_dcache_line *line = c906_dcache_find(env, va, pa);

	if (line)
		line->dirty = true;
	return 0;
}

static ALWAYS_INLINE u64 c906_line_begins(const struct c906_env *env, u64 va)
{
	u64 victim;

	c906_dcache_victim(env, va, &victim)->tag = 0;
	return 0;
}

static ALWAYS_INLINE u64 c906_line_ends(const struct c906_env *env, u64 va, u64 pa, bool dirty)
{
	c906_dcache_fill(env, va, pa, dirty);
	return 0;
}

static ALWAYS_INLINE u64 c906_victim_dirty(const struct c906_env *env, u64 va, u64 *pa)
{
	return c906_dcache_victim(env, va, pa)->dirty;
}

static ALWAYS_INLINE u64 c906_victim_found(const struct c906_env *env, u64 va, u64 ahead)
{
	u64 pa, found = c906_dcache_victim(env, va, &pa)->tag ? C906_VICTIM_VALID : 0;

	if (ahead && c906_dcache_find(env, va, ahead))
		found |= C906_VICTIM_PRESENT;
	if (ahead && c906_dcache_alias(env, va, ahead))
		found |= C906_VICTIM_ALIAS;
	return found;
}

#endif
