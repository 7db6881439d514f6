/* SPDX-License-Identifier: MIT */
/*
 * A cache as the kind inorder has three of: which lines it holds and what it replaces. When what
 * it lacks arrives is its owner's affair.
 */
#ifndef CPU_TIMING_INORDER_CACHE_H
#define CPU_TIMING_INORDER_CACHE_H

#include "cpu/timing/coherence.h"
#include "cpu/timing/inorder/params.h"
#include "cpu/timing/lfsr.h"
#include "cpu/timing/tags.h"

struct inorder_cache {
	struct tags tags;
	unsigned replacement; /* INORDER_LRU... */
	struct lfsr lfsr;
	u8 *order; /* of each way: 0 is the last to be replaced */
	u8 *dirty; /* of each place in tags.lines: 1, or 0 */
	u16 *owned; /* of a set, a bit for each way: no other cache has the line */
};

/* 0 or -ENOMEM; free it in either case. */
int inorder_cache_init(struct inorder_cache *cache, const struct tags_shape *shape,
		       unsigned replacement);
void inorder_cache_free(struct inorder_cache *cache);

/* Empty, as after reset; and empty with the history of replacement kept. */
void inorder_cache_reset(struct inorder_cache *cache);
void inorder_cache_clear(struct inorder_cache *cache);

/* The way becomes the last one to be replaced. */
void inorder_cache_renew(struct inorder_cache *cache, unsigned set, unsigned way);

/* A line that is there, in this way, has now been used. `write`: it is dirty now. */
static ALWAYS_INLINE void inorder_cache_touch(struct inorder_cache *cache, u64 pa, unsigned way,
					      bool write)
{
	unsigned set = tags_set(&cache->tags, pa);

	if (cache->replacement == INORDER_LRU)
		inorder_cache_renew(cache, set, way);
	if (write)
		cache->dirty[tags_place(&cache->tags, set, way)] = 1;
}

/* The way of a line that is there, and has now been used; or -1. */
static ALWAYS_INLINE int inorder_cache_use(struct inorder_cache *cache, u64 pa, bool write)
{
	int way = tags_way(&cache->tags, pa);

	if (way >= 0)
		inorder_cache_touch(cache, pa, (unsigned)way, write);
	return way;
}

/* Is it there, and has now been used? */
static inline bool inorder_cache_access(struct inorder_cache *cache, u64 pa, bool write)
{
	return inorder_cache_use(cache, pa, write) >= 0;
}

/* The same of a cache behind another one, which is seldom asked for one line twice. */
static inline bool inorder_cache_access_behind(struct inorder_cache *cache, u64 pa, bool write)
{
	int way = tags_find(&cache->tags, pa);

	if (way >= 0)
		inorder_cache_touch(cache, pa, (unsigned)way, write);
	return way >= 0;
}

/* Is it where it was found before? Then it is dirty now. Not of an LRU: that has a history. */
static ALWAYS_INLINE bool inorder_cache_write_recent(struct inorder_cache *cache, u64 pa)
{
	if (!tags_hold_recent(&cache->tags, pa))
		return false;
	cache->dirty[*tags_recent(&cache->tags, pa)] = 1;
	return true;
}

/* Is it there? */
static inline bool inorder_cache_holds(const struct inorder_cache *cache, u64 pa)
{
	return tags_hold(&cache->tags, pa);
}

/* Is it, that is there, this cache's alone? From now on it is. */
static inline bool inorder_cache_owns(const struct inorder_cache *cache, u64 pa, int way)
{
	return cache->owned[tags_set(&cache->tags, pa)] >> way & 1;
}
void inorder_cache_own(struct inorder_cache *cache, u64 pa);

/* Another cache wants it: as coherence.h says. */
enum coherence_found inorder_cache_snoop(struct inorder_cache *cache, u64 pa, bool invalidate);

/* Take the line in, which others may have as well. True: a dirty one had to leave. */
bool inorder_cache_fill(struct inorder_cache *cache, u64 pa, bool write);

#endif
