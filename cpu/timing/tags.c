/* SPDX-License-Identifier: MIT */
/* The tags of a set-associative cache. See tags.h. */
#include "cpu/timing/tags.h"

#include <emmintrin.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

int tags_init(struct tags *tags, const struct tags_shape *shape)
{
	assert(shape->ways <= TAGS_WAYS_MAX);
	tags->way_shift = 0;
	tags->shape = *shape;
	tags->line_shift = (unsigned)__builtin_ctz(shape->line);
	tags->digest_shift = tags->line_shift + (unsigned)__builtin_ctz(shape->sets);
	while (BIT(tags->way_shift) < shape->ways)
		tags->way_shift++;
	tags->lines = calloc(tags_places(tags), sizeof(*tags->lines));
	tags->digests = calloc(shape->sets, TAGS_WAYS_MAX);
	tags->valid = calloc(shape->sets, sizeof(*tags->valid));
	tags->changes = 0;
	tags->copied = 0;
	tags->recent = calloc(TAGS_RECENT, sizeof(*tags->recent));
	if (!tags->lines || !tags->digests || !tags->valid || !tags->recent)
		return -ENOMEM;
	tags_reset(tags);
	return 0;
}

void tags_free(struct tags *tags)
{
	free(tags->lines);
	free(tags->digests);
	free(tags->valid);
	free(tags->recent);
}

void tags_reset(struct tags *tags)
{
	tags->changes++;
	memset(tags->valid, 0, tags->shape.sets * sizeof(*tags->valid));
	memset(tags->lines, 0xff, tags_places(tags) * sizeof(*tags->lines));
}

void tags_loaded(struct tags *tags)
{
	unsigned ways = (unsigned)BIT(tags->way_shift);

	tags->changes++;
	for (unsigned n = 0; n < tags_places(tags); n++) {
		if (!(tags->valid[n / ways] >> n % ways & 1))
			tags->lines[n] = TAGS_NOTHING;
		*tags_digest(tags, n / ways, n % ways) = (u8)(tags->lines[n] >> tags->digest_shift);
	}
}

bool tags_copy(struct tags *to, const struct tags *from)
{
	if (!to->changes && to->copied == from->changes)
		return false;
	to->changes = 0;
	to->copied = from->changes;
	memcpy(to->lines, from->lines, tags_places(from) * sizeof(*to->lines));
	memcpy(to->digests, from->digests, from->shape.sets * TAGS_WAYS_MAX);
	memcpy(to->valid, from->valid, from->shape.sets * sizeof(*to->valid));
	return true;
}

/* A bit for each way whose line looks like that of the address. */
static unsigned alike(const struct tags *tags, unsigned set, u64 address)
{
	__m128i wanted = _mm_set1_epi8((char)(address >> tags->digest_shift));
	__m128i there = _mm_loadu_si128((const __m128i *)tags_digest(tags, set, 0));

	_Static_assert(TAGS_WAYS_MAX == 16, "as many as are compared");
	return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(there, wanted));
}

int tags_find(const struct tags *tags, u64 address)
{
	unsigned set = tags_set(tags, address);
	const u64 *line = &tags->lines[tags_place(tags, set, 0)];
	u64 wanted = align_down(address, tags->shape.line);
	unsigned ways = alike(tags, set, address) & (unsigned)(BIT(tags->shape.ways) - 1);

	for (; ways; ways &= ways - 1)
		if (line[__builtin_ctz(ways)] == wanted)
			return __builtin_ctz(ways);
	return -1;
}

void tags_clear_set(struct tags *tags, unsigned set)
{
	for (unsigned way = 0; way < tags->shape.ways; way++)
		tags_clear_way(tags, set, way);
}

void tags_clear_way(struct tags *tags, unsigned set, unsigned way)
{
	tags->changes++;
	tags->valid[set] &= (u16)~BIT(way);
	tags->lines[tags_place(tags, set, way)] = TAGS_NOTHING;
}
