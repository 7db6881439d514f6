/* SPDX-License-Identifier: MIT */
/*
 * Updates the streams of C906's prefetcher for most loads, which change little in them. See pfb.c.
 */
#ifndef CPU_TIMING_C906_LSU_STREAMS_H
#define CPU_TIMING_C906_LSU_STREAMS_H

#include "cpu/timing/c906/lsu/access.h"
#include "cpu/timing/c906/lsu/prefetch.h"

#include <emmintrin.h>

#define C906_OF_PCS (BIT(C906_STREAMS) - BIT(1)) /* a bit for each stream of a pc */

static inline u16 c906_stream_pc(u64 pc)
{
	return (u16)bits(pc, 1, 15);
}

/* Returns the next one of a set of streams, and removes it. */
static ALWAYS_INLINE unsigned c906_stream_next(u32 *set)
{
	unsigned n = (unsigned)__builtin_ctz(*set);

	*set &= *set - 1;
	return n;
}

/* Returns the streams in use that belong to this pc; all are compared at once. */
static ALWAYS_INLINE u32 c906_streams_of(const struct c906_prefetcher *prefetcher, u64 pc)
{
	__m128i pcs = _mm_loadl_epi64((const __m128i *)prefetcher->pc);
	__m128i same = _mm_cmpeq_epi16(pcs, _mm_set1_epi16((short)c906_stream_pc(pc)));

	_Static_assert(sizeof(prefetcher->pc) == sizeof(u64), "as many as are compared");
	return (u32)_mm_movemask_epi8(_mm_packs_epi16(same, same)) << 1 & prefetcher->live &
	       C906_OF_PCS;
}

/*
 * Returns whether a load belongs to a stream in use, or to that of all loads, or makes one expire.
 */
static ALWAYS_INLINE bool c906_load_concerns(const struct c906_prefetcher *prefetcher, u64 pc)
{
	return prefetcher->live & BIT(0) || prefetcher->loads >= prefetcher->expires ||
	       c906_streams_of(prefetcher, pc);
}

/* Called for each executed load. */
static ALWAYS_INLINE void c906_prefetch_load(struct c906_prefetcher *prefetcher,
					     const struct c906_params *params,
					     const struct c906_access *load, bool missed)
{
	if (!params->dprefetch_enabled)
		return;
	if (load->half == C906_FIRST) {
		prefetcher->missed |= missed;
		return;
	}
	missed |= prefetcher->missed;
	prefetcher->missed = false;
	prefetcher->loads++;
	if (missed || c906_load_concerns(prefetcher, load->pc))
		c906_prefetch_advance(prefetcher, params, load, missed);
}

/* Returns whether it will request more without a load. */
static ALWAYS_INLINE bool c906_prefetch_runs(const struct c906_prefetcher *prefetcher,
					     const struct c906_params *params)
{
	return prefetcher->requests && c906_prefetch_requests_more(prefetcher, params);
}

#endif
