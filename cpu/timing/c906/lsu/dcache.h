/* SPDX-License-Identifier: MIT */
/* The tags of C906's data cache: inline functions, as no lookup is more frequent. See lsu.h. */
#ifndef CPU_TIMING_C906_LSU_DCACHE_H
#define CPU_TIMING_C906_LSU_DCACHE_H

#include "cpu/timing/c906/params.h"

#include <emmintrin.h>

static ALWAYS_INLINE unsigned c906_dcache_set(const struct c906_env *env, u64 va)
{
	return (unsigned)(va / C906_LINE) & (unsigned)(env->params.dcache_sets - 1);
}

/*
 * Returns the set where another virtual address may have put a line: the same set, if addresses
 * cannot differ.
 */
static ALWAYS_INLINE unsigned c906_dcache_other(const struct c906_env *env, unsigned set)
{
	return set ^
	       ((unsigned)env->params.dcache_sets / 2 & ~(unsigned)(PAGE_SIZE / C906_LINE - 1));
}

static ALWAYS_INLINE u64 c906_dcache_tag(u64 pa)
{
	return align_down(pa, PAGE_SIZE) | C906_VALID;
}

static ALWAYS_INLINE u16 c906_dcache_digest(u64 pa)
{
	return (u16)(pa >> PAGE_SHIFT);
}

/*
 * Returns which ways of two sets may have a page's line: a bit for each, those of the second set
 * above. The other ways do not have it.
 */
static ALWAYS_INLINE unsigned c906_dcache_alike(const struct c906_tables *tables, unsigned set,
						unsigned other, u64 pa)
{
	const struct c906_dcache_digests *digests = tables->dcache_digest;
	__m128i sets = _mm_unpacklo_epi64(_mm_loadl_epi64((const __m128i *)digests[set].way),
					  _mm_loadl_epi64((const __m128i *)digests[other].way));
	__m128i same = _mm_cmpeq_epi16(sets, _mm_set1_epi16((short)c906_dcache_digest(pa)));

	return (unsigned)_mm_movemask_epi8(_mm_packs_epi16(same, _mm_setzero_si128()));
}

static ALWAYS_INLINE struct c906_dcache_line *c906_dcache_way(const struct c906_env *env,
							      unsigned set, u64 pa)
{
	struct c906_dcache_line *line = env->tables->dcache[set];
	const struct c906_dcache_line *end = line + C906_DCACHE_WAYS;
	u64 tag = c906_dcache_tag(pa);

	while (line != end && line->tag != tag)
		line++;
	return line != end ? line : NULL;
}

/* Returns the line, or NULL. */
static ALWAYS_INLINE struct c906_dcache_line *c906_dcache_find(const struct c906_env *env, u64 va,
							       u64 pa)
{
	return c906_dcache_way(env, c906_dcache_set(env, va), pa);
}

/* Returns the line in the set that another virtual address gives, or NULL. */
static ALWAYS_INLINE struct c906_dcache_line *c906_dcache_alias(const struct c906_env *env, u64 va,
								u64 pa)
{
	unsigned set = c906_dcache_set(env, va), other = c906_dcache_other(env, set);

	return other != set ? c906_dcache_way(env, other, pa) : NULL;
}

/* Returns the physical address of a line. */
static inline u64 c906_dcache_address(const struct c906_dcache_line *line, unsigned set)
{
	return align_down(line->tag, PAGE_SIZE) | (u64)set * C906_LINE % PAGE_SIZE;
}

/*
 * Returns the line that is replaced, and its physical address. At most one line of a set is being
 * refilled (aq_lsu_lfb.v and the prefetcher wait for others with its index).
 */
static inline struct c906_dcache_line *c906_dcache_victim(const struct c906_env *env, u64 va,
							  u64 *pa)
{
	unsigned set = c906_dcache_set(env, va);
	struct c906_dcache_line *line = &env->tables->dcache[set][env->tables->dcache_next[set]];

	*pa = c906_dcache_address(line, set);
	return line;
}

/* Fills in a line when its last beat comes. */
static inline void c906_dcache_fill(const struct c906_env *env, u64 va, u64 pa, bool dirty)
{
	unsigned set = c906_dcache_set(env, va);
	u8 *next = &env->tables->dcache_next[set];

	env->tables->dcache[set][*next] = (struct c906_dcache_line){
		.tag = c906_dcache_tag(pa), .dirty = dirty,
	};
	env->tables->dcache_digest[set].way[*next] = c906_dcache_digest(pa);
	*next = (u8)((*next + 1) % C906_DCACHE_WAYS);
}

/* Computes the digests again, after lines were loaded. */
void c906_dcache_renew(struct c906_tables *tables);

#endif
