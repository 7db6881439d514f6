/* SPDX-License-Identifier: MIT */
/*
 * One of the three caches of kind inorder: its lines, and the choice of the line to be replaced.
 * Its owner knows when missing lines arrive.
 */
#ifndef CPU_TIMING_INORDER_CACHE_H
#define CPU_TIMING_INORDER_CACHE_H

#include "cpu/timing/inorder/params.h"
#include "cpu/timing/units/coherence.h"
#include "cpu/timing/units/lfsr.h"
#include "cpu/timing/units/tags_find.h"

/* Notes of a line in `tags`: */
#define INORDER_LINE_WRITTEN BIT(0)
#define INORDER_LINE_OWNED BIT(1) /* no other cache has the line */

#define UNITS "cpu/timing/inorder/state/cache.def"
#include "cpu/timing/fields/structs.inc"

/* Makes a cache, which has to be freed even after an error. Returns 0 or -ENOMEM. */
int inorder_cache_init(struct inorder_cache *cache, const struct tags_shape *shape,
		       unsigned replacement);
void inorder_cache_free(struct inorder_cache *cache);

/* Empty the cache, as by reset; the second function keeps the history of replacement. */
void inorder_cache_reset(struct inorder_cache *cache);
void inorder_cache_clear(struct inorder_cache *cache);

/* Makes the place the last one of its set to be replaced. */
void inorder_cache_renew(struct inorder_cache *cache, u32 place);

/* Notes that the line in this place is used now. `write`: it is written. */
static ALWAYS_INLINE void inorder_cache_touch(struct inorder_cache *cache, u32 place, bool write)
{
	if (cache->replacement == INORDER_LRU)
		inorder_cache_renew(cache, place);
	if (write)
		cache->tags.lines[place] |= INORDER_LINE_WRITTEN;
}

/* Uses a line, and returns its place; or TAGS_NOWHERE if it is not there. */
static ALWAYS_INLINE int inorder_cache_use(struct inorder_cache *cache, u64 pa, bool write)
{
	int place = tags_place_of(&cache->tags, pa);

	if (place != TAGS_NOWHERE)
		inorder_cache_touch(cache, (u32)place, write);
	return place;
}

/* Uses a line, and returns whether it is there. */
static inline bool inorder_cache_access(struct inorder_cache *cache, u64 pa, bool write)
{
	return inorder_cache_use(cache, pa, write) != TAGS_NOWHERE;
}

/* Does the same in a cache of a lower level, which is seldom accessed twice in a row for a line. */
static inline bool inorder_cache_access_lower(struct inorder_cache *cache, u64 pa, bool write)
{
	int place = tags_find_place(&cache->tags, pa);

	if (place != TAGS_NOWHERE)
		inorder_cache_touch(cache, (u32)place, write);
	return place != TAGS_NOWHERE;
}

/*
 * Returns whether the line is where it was found before, and if so marks it as written. Not for
 * LRU, which keeps a history.
 */
static ALWAYS_INLINE bool inorder_cache_write_recent(struct inorder_cache *cache, u64 pa)
{
	if (!tags_hold_recent(&cache->tags, pa))
		return false;
	cache->tags.lines[*tags_recent(&cache->tags, pa)] |= INORDER_LINE_WRITTEN;
	return true;
}

/* Returns whether the line is there. */
static inline bool inorder_cache_holds(const struct inorder_cache *cache, u64 pa)
{
	return tags_hold(&cache->tags, pa);
}

/* Returns whether no other cache has the line; the second function notes that. */
static inline bool inorder_cache_owns(const struct inorder_cache *cache, int place)
{
	return cache->tags.lines[place] & INORDER_LINE_OWNED;
}
void inorder_cache_own(struct inorder_cache *cache, u64 pa);

/* Called when another cache reads or writes the line: this is coherence_cache.snoop. */
enum coherence_found inorder_cache_snoop(struct inorder_cache *cache, u64 pa, bool invalidate);

/* Fills in the line, with its notes. Returns whether the line that it replaces was written. */
bool inorder_cache_fill(struct inorder_cache *cache, u64 pa, u64 notes);

#endif
