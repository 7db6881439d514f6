/* SPDX-License-Identifier: MIT */
/* Comparing a table of 16-bit numbers with one number at once, in two registers of the host. */
#ifndef CPU_TIMING_C906_LANES_H
#define CPU_TIMING_C906_LANES_H

#include "bus/base.h"

#include <emmintrin.h>

#define C906_LANES 16 /* how many numbers are read */

/*
 * Returns a bit for each number that equals the wanted one under a mask, which is constant for each
 * caller.
 */
static ALWAYS_INLINE unsigned c906_lanes_equal(const u16 *numbers, u16 mask, u16 wanted)
{
	const __m128i *both = (const __m128i *)numbers;
	__m128i masks = _mm_set1_epi16((short)mask);
	__m128i want = _mm_set1_epi16((short)(wanted & mask));
	__m128i low = _mm_cmpeq_epi16(_mm_and_si128(_mm_loadu_si128(both), masks), want);
	__m128i high = _mm_cmpeq_epi16(_mm_and_si128(_mm_loadu_si128(both + 1), masks), want);

	return (unsigned)_mm_movemask_epi8(_mm_packs_epi16(low, high));
}

#endif
