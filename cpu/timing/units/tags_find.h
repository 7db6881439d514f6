/* SPDX-License-Identifier: MIT */
/* Finds the place of a line in a cache: inline functions, for callers that search often. */
#ifndef CPU_TIMING_UNITS_TAGS_FIND_H
#define CPU_TIMING_UNITS_TAGS_FIND_H

#include "cpu/timing/units/tags.h"

#include <emmintrin.h>

/* Returns the first place of the set that the address belongs to. */
static ALWAYS_INLINE u32 tags_first(const struct tags *tags, u64 address)
{
	return (u32)(address >> tags->first_shift) & tags->first_mask;
}

/* Returns whether this place holds the address. */
static ALWAYS_INLINE bool tags_is_at(const struct tags *tags, u32 place, u64 address)
{
	return (tags->lines[place] ^ address) < tags->shape.line;
}

/*
 * Returns a bit for each way of the set beginning at `first` whose line has the digest of the
 * address.
 */
static ALWAYS_INLINE unsigned tags_alike(const struct tags *tags, u32 first, u64 address)
{
	__m128i wanted = _mm_set1_epi8((char)(address >> tags->digest_shift));
	__m128i there = _mm_loadu_si128((const __m128i *)&tags->digests[first]);

	_Static_assert(TAGS_WAYS_MAX == 16, "as many as are compared");
	return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(there, wanted)) & tags->all;
}

#define TAGS_NOWHERE (-1)

/* Returns the place that holds the address, or TAGS_NOWHERE. */
static ALWAYS_INLINE int tags_find_place(const struct tags *tags, u64 address)
{
	u32 first = tags_first(tags, address), place;

	for (unsigned ways = tags_alike(tags, first, address); ways; ways &= ways - 1) {
		place = first + (u32)__builtin_ctz(ways);
		if (tags_is_at(tags, place, address))
			return (int)place;
	}
	return TAGS_NOWHERE;
}

/*
 * Returns the entry of `recent` for an address. The hash separates addresses that are often used
 * together, such as those of arrays that are powers of two apart.
 */
static ALWAYS_INLINE u32 *tags_recent(const struct tags *tags, u64 address)
{
	u32 line = (u32)(address >> tags->line_shift);

	return &tags->recent[line * 0x9e3779b1u >> (32 - TAGS_RECENT_BITS)];
}

/*
 * Returns whether the line is where it was found before. If not, it may still be in another place.
 */
static ALWAYS_INLINE bool tags_hold_recent(const struct tags *tags, u64 address)
{
	return tags_is_at(tags, *tags_recent(tags, address), address);
}

/* Returns what tags_find_place returns, faster for lines that are mostly where they were before. */
static inline int tags_place_of(const struct tags *tags, u64 address)
{
	u32 *recent = tags_recent(tags, address);
	int place;

	if (likely(tags_is_at(tags, *recent, address)))
		return (int)*recent;
	place = tags_find_place(tags, address);
	if (place != TAGS_NOWHERE)
		*recent = (u32)place;
	return place;
}

/* Returns whether any place holds the address. */
static inline bool tags_hold(const struct tags *tags, u64 address)
{
	return tags_place_of(tags, address) != TAGS_NOWHERE;
}

/* Puts the line of an address, with notes, into a place of its set whose way is valid. */
static ALWAYS_INLINE void tags_put(struct tags *tags, u64 address, u32 place, u64 notes)
{
	tags->changes++;
	tags->lines[place] = align_down(address, tags->shape.line) | notes;
	tags->digests[place] = (u8)(address >> tags->digest_shift);
	*tags_recent(tags, address) = place;
}

#endif
