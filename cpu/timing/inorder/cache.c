/* SPDX-License-Identifier: MIT */
/* Lines of a cache and their replacement. See cache.h. */
#include "cpu/timing/inorder/cache.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int inorder_cache_init(struct inorder_cache *cache, const struct tags_shape *shape,
		       unsigned replacement)
{
	int error = tags_init(&cache->tags, shape);

	cache->replacement = replacement;
	cache->order = calloc(tags_places(&cache->tags), sizeof(*cache->order));
	if (error || !cache->order)
		return -ENOMEM;
	inorder_cache_reset(cache);
	return 0;
}

void inorder_cache_free(struct inorder_cache *cache)
{
	tags_free(&cache->tags);
	free(cache->order);
}

void inorder_cache_clear(struct inorder_cache *cache)
{
	tags_reset(&cache->tags);
}

void inorder_cache_reset(struct inorder_cache *cache)
{
	inorder_cache_clear(cache);
	lfsr_reset(&cache->lfsr);
	for (u32 place = 0; place < tags_places(&cache->tags); place++)
		cache->order[place] = (u8)tags_way_of(&cache->tags, place);
}

void inorder_cache_renew(struct inorder_cache *cache, u32 place)
{
	unsigned ways = cache->tags.shape.ways;
	u8 *order = &cache->order[place - tags_way_of(&cache->tags, place)];
	u8 before = cache->order[place];

	if (!before)
		return;
	for (unsigned n = 0; n < ways; n++)
		order[n] += order[n] < before;
	cache->order[place] = 0;
}

void inorder_cache_own(struct inorder_cache *cache, u64 pa)
{
	int place = tags_place_of(&cache->tags, pa);

	if (place != TAGS_NOWHERE)
		cache->tags.lines[place] |= INORDER_LINE_OWNED;
}

enum coherence_found inorder_cache_snoop(struct inorder_cache *cache, u64 pa, bool invalidate)
{
	struct tags *tags = &cache->tags;
	int place = tags_place_of(tags, pa);
	bool written;

	if (place == TAGS_NOWHERE)
		return COHERENCE_NOTHING;
	written = tags->lines[place] & INORDER_LINE_WRITTEN;
	tags->lines[place] &= ~TAGS_NOTES;
	if (invalidate)
		tags_clear_way(tags, tags_set(tags, pa), tags_way_of(tags, (u32)place));
	return written ? COHERENCE_CHANGED : COHERENCE_CLEAN;
}

static unsigned inorder_cache_victim(struct inorder_cache *cache, u32 first)
{
	unsigned ways = cache->tags.shape.ways, way = 0;
	const u8 *order = &cache->order[first];

	if (cache->replacement == INORDER_RANDOM) {
		way = lfsr_choice(&cache->lfsr, ways);
		lfsr_step(&cache->lfsr);
		return way;
	}
	while (way + 1 < ways && order[way] != ways - 1)
		way++;
	return way;
}

/* Returns the place for a new line in the set of pa. It may hold a line, which is replaced. */
static ALWAYS_INLINE u32 next_place(struct inorder_cache *cache, u64 pa)
{
	struct tags *tags = &cache->tags;
	u32 first = tags_first(tags, pa);
	u16 *valid = &tags->valid[first >> tags->way_shift];
	int unused = tags_free_way(tags, *valid);

	if (likely(unused < 0))
		return first + inorder_cache_victim(cache, first);
	*valid |= (u16)BIT(unused);
	return first + (unsigned)unused;
}

bool inorder_cache_fill(struct inorder_cache *cache, u64 pa, u64 notes)
{
	u32 place = next_place(cache, pa);
	bool leaves = cache->tags.lines[place] & INORDER_LINE_WRITTEN;

	tags_put(&cache->tags, pa, place, notes);
	if (cache->replacement != INORDER_RANDOM)
		inorder_cache_renew(cache, place);
	return leaves;
}
