/* SPDX-License-Identifier: MIT */
/*
 * A cache as the kind inorder has three of: which lines it holds and what it replaces. When what
 * it lacks arrives is its owner's affair.
 */
#ifndef CPU_TIMING_INORDER_CACHE_H
#define CPU_TIMING_INORDER_CACHE_H

#include "cpu/timing/inorder/params.h"
#include "cpu/timing/units/coherence.h"
#include "cpu/timing/units/lfsr.h"
#include "cpu/timing/units/tags_find.h"

/* What is noted of a line, in its place in `tags`: */
#define INORDER_LINE_WRITTEN BIT(0)
#define INORDER_LINE_OWNED BIT(1) /* no other cache has it */

struct inorder_cache {
	struct tags tags;
	unsigned replacement; /* INORDER_LRU... */
	struct lfsr lfsr;
	u8 *order; /* of each place, within its set: 0 is the last to be replaced */
};

/* 0 or -ENOMEM; free it in either case. */
int inorder_cache_init(struct inorder_cache *cache, const struct tags_shape *shape,
		       unsigned replacement);
void inorder_cache_free(struct inorder_cache *cache);

/* Empty, as after reset; and empty with the history of replacement kept. */
void inorder_cache_reset(struct inorder_cache *cache);
void inorder_cache_clear(struct inorder_cache *cache);

/* The place becomes the last one of its set to be replaced. */
void inorder_cache_renew(struct inorder_cache *cache, u32 place);

/* A line that is there, in this place, has now been used. `write`: it is written now. */
static ALWAYS_INLINE void inorder_cache_touch(struct inorder_cache *cache, u32 place, bool write)
{
	if (cache->replacement == INORDER_LRU)
		inorder_cache_renew(cache, place);
	if (write)
		cache->tags.lines[place] |= INORDER_LINE_WRITTEN;
}

/* The place of a line that is there, and has now been used; or TAGS_NOWHERE. */
static ALWAYS_INLINE int inorder_cache_use(struct inorder_cache *cache, u64 pa, bool write)
{
	int place = tags_place_of(&cache->tags, pa);

	if (place != TAGS_NOWHERE)
		inorder_cache_touch(cache, (u32)place, write);
	return place;
}

/* Is it there, and has now been used? */
static inline bool inorder_cache_access(struct inorder_cache *cache, u64 pa, bool write)
{
	return inorder_cache_use(cache, pa, write) != TAGS_NOWHERE;
}

/* The same of a cache behind another one, which is seldom asked for one line twice. */
static inline bool inorder_cache_access_behind(struct inorder_cache *cache, u64 pa, bool write)
{
	int place = tags_find_place(&cache->tags, pa);

	if (place != TAGS_NOWHERE)
		inorder_cache_touch(cache, (u32)place, write);
	return place != TAGS_NOWHERE;
}

/* Is it where it was found before? Then it is written now. Not of an LRU: that has a history. */
static ALWAYS_INLINE bool inorder_cache_write_recent(struct inorder_cache *cache, u64 pa)
{
	if (!tags_hold_recent(&cache->tags, pa))
		return false;
	cache->tags.lines[*tags_recent(&cache->tags, pa)] |= INORDER_LINE_WRITTEN;
	return true;
}

/* Is it there? */
static inline bool inorder_cache_holds(const struct inorder_cache *cache, u64 pa)
{
	return tags_hold(&cache->tags, pa);
}

/* Is what is there this cache's alone? From now on it is. */
static inline bool inorder_cache_owns(const struct inorder_cache *cache, int place)
{
	return cache->tags.lines[place] & INORDER_LINE_OWNED;
}
void inorder_cache_own(struct inorder_cache *cache, u64 pa);

/* Another cache wants it: as coherence.h says. */
enum coherence_found inorder_cache_snoop(struct inorder_cache *cache, u64 pa, bool invalidate);

/* Take the line in, with what is noted of it. True: one that was written had to leave. */
bool inorder_cache_fill(struct inorder_cache *cache, u64 pa, u64 notes);

#endif
