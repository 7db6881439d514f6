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
	cache->order = calloc((size_t)shape->sets * shape->ways, sizeof(*cache->order));
	cache->dirty = calloc(tags_places(&cache->tags), sizeof(*cache->dirty));
	cache->owned = calloc(shape->sets, sizeof(*cache->owned));
	if (error || !cache->order || !cache->dirty || !cache->owned)
		return -ENOMEM;
	inorder_cache_reset(cache);
	return 0;
}

void inorder_cache_free(struct inorder_cache *cache)
{
	tags_free(&cache->tags);
	free(cache->order);
	free(cache->dirty);
	free(cache->owned);
}

void inorder_cache_clear(struct inorder_cache *cache)
{
	tags_reset(&cache->tags);
	memset(cache->dirty, 0, tags_places(&cache->tags) * sizeof(*cache->dirty));
}

void inorder_cache_reset(struct inorder_cache *cache)
{
	unsigned ways = cache->tags.shape.ways, lines = cache->tags.shape.sets * ways;

	inorder_cache_clear(cache);
	lfsr_reset(&cache->lfsr);
	for (unsigned n = 0; n < lines; n++)
		cache->order[n] = (u8)(n % ways);
}

void inorder_cache_renew(struct inorder_cache *cache, unsigned set, unsigned way)
{
	unsigned ways = cache->tags.shape.ways;
	u8 *order = &cache->order[(size_t)set * ways], before = order[way];

	if (!before)
		return;
	for (unsigned n = 0; n < ways; n++)
		order[n] += order[n] < before;
	order[way] = 0;
}

/* The bit of a line that is there; 0 where it is not. */
static u16 bit_of(const struct inorder_cache *cache, u64 pa)
{
	int way = tags_way(&cache->tags, pa);

	return way < 0 ? 0 : (u16)BIT(way);
}

void inorder_cache_own(struct inorder_cache *cache, u64 pa)
{
	cache->owned[tags_set(&cache->tags, pa)] |= bit_of(cache, pa);
}

enum coherence_found inorder_cache_snoop(struct inorder_cache *cache, u64 pa, bool invalidate)
{
	unsigned set = tags_set(&cache->tags, pa), way;
	u16 bit = bit_of(cache, pa);
	u8 *dirty;
	bool changed;

	if (!bit)
		return COHERENCE_NOTHING;
	way = (unsigned)__builtin_ctz(bit);
	dirty = &cache->dirty[tags_place(&cache->tags, set, way)];
	changed = *dirty;
	*dirty = 0;
	cache->owned[set] &= (u16)~bit;
	if (invalidate)
		tags_clear_way(&cache->tags, set, way);
	return changed ? COHERENCE_CHANGED : COHERENCE_CLEAN;
}

static unsigned victim(struct inorder_cache *cache, unsigned set)
{
	unsigned ways = cache->tags.shape.ways, way = 0;
	const u8 *order = &cache->order[(size_t)set * ways];

	if (cache->replacement == INORDER_RANDOM) {
		way = lfsr_choice(&cache->lfsr, ways);
		lfsr_step(&cache->lfsr);
		return way;
	}
	while (way + 1 < ways && order[way] != ways - 1)
		way++;
	return way;
}

bool inorder_cache_fill(struct inorder_cache *cache, u64 pa, bool write)
{
	unsigned set = tags_set(&cache->tags, pa), way;
	int unused = tags_free_way(&cache->tags, tags_valid(&cache->tags, set));
	u8 *dirty;
	bool leaves;

	way = unused >= 0 ? (unsigned)unused : victim(cache, set);
	dirty = &cache->dirty[tags_place(&cache->tags, set, way)];
	leaves = *dirty;
	*dirty = write;
	cache->owned[set] &= (u16)~BIT(way);
	tags_fill(&cache->tags, pa, way);
	if (cache->replacement != INORDER_RANDOM)
		inorder_cache_renew(cache, set, way);
	return leaves;
}
