/* SPDX-License-Identifier: MIT */
/* Sixteen tags compared at once: what C906 looks up among a few entries it does for all of them. */
#ifndef CPU_TIMING_C906_MATCH_H
#define CPU_TIMING_C906_MATCH_H

#include "bus/base.h"

#include <emmintrin.h>

#define C906_MATCHED 16

/* A bit for each tag that is the wanted one under a mask. */
static ALWAYS_INLINE unsigned c906_match(const u16 tag[C906_MATCHED], u16 wanted, u16 mask)
{
	const __m128i *tags = (const __m128i *)tag;
	__m128i masks = _mm_set1_epi16((short)mask), same = _mm_set1_epi16((short)(wanted & mask));
	__m128i low = _mm_cmpeq_epi16(_mm_and_si128(_mm_loadu_si128(tags), masks), same);
	__m128i high = _mm_cmpeq_epi16(_mm_and_si128(_mm_loadu_si128(tags + 1), masks), same);

	return (unsigned)_mm_movemask_epi8(_mm_packs_epi16(low, high));
}

#endif
