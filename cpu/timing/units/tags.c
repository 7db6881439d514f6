/* SPDX-License-Identifier: MIT */
/* The tags of a set-associative cache. See tags.h. */
#include "cpu/timing/units/tags.h"

#include "cpu/timing/units/tags_find.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int tags_init(struct tags *tags, const struct tags_shape *shape)
{
	assert(shape->ways <= TAGS_WAYS_MAX && shape->line > TAGS_NOTES);
	tags->way_shift = 0;
	tags->shape = *shape;
	tags->line_shift = (unsigned)__builtin_ctz(shape->line);
	tags->digest_shift = tags->line_shift + (unsigned)__builtin_ctz(shape->sets);
	while (BIT(tags->way_shift) < shape->ways)
		tags->way_shift++;
	/*
	 * An address shifted by line_shift counts lines. Shifted by way_shift less, it counts
	 * places.
	 */
	tags->first_shift = tags->line_shift - tags->way_shift;
	tags->first_mask = (u32)(shape->sets - 1) << tags->way_shift;
	tags->all = (u16)(BIT(shape->ways) - 1);
	tags->lines = calloc(tags_places(tags), sizeof(*tags->lines));
	/* A set is compared as TAGS_WAYS_MAX bytes, which extend beyond the end of the last set. */
	tags->digests = calloc(tags_places(tags) + TAGS_WAYS_MAX, sizeof(*tags->digests));
	tags->valid = calloc(shape->sets, sizeof(*tags->valid));
	tags->changes = 0;
	tags->copied = 0;
	tags->recent = calloc(BIT(TAGS_RECENT_BITS), sizeof(*tags->recent));
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
	for (size_t place = 0; place < tags_places(tags); place++)
		tags->lines[place] = TAGS_NOTHING;
}

void tags_loaded(struct tags *tags)
{
	tags->changes++;
	for (u32 n = 0; n < tags_places(tags); n++) {
		if (!(tags->valid[n >> tags->way_shift] >> tags_way_of(tags, n) & 1))
			tags->lines[n] |= TAGS_NOTHING;
		tags->digests[n] = (u8)(tags->lines[n] >> tags->digest_shift);
	}
}

bool tags_copy(struct tags *to, const struct tags *from)
{
	if (!to->changes && to->copied == from->changes)
		return false;
	to->changes = 0;
	to->copied = from->changes;
	memcpy(to->lines, from->lines, tags_places(from) * sizeof(*to->lines));
	memcpy(to->digests, from->digests, tags_places(from) * sizeof(*to->digests));
	memcpy(to->valid, from->valid, from->shape.sets * sizeof(*to->valid));
	return true;
}

int tags_find(const struct tags *tags, u64 address)
{
	int place = tags_find_place(tags, address);

	return place == TAGS_NOWHERE ? -1 : (int)tags_way_of(tags, (u32)place);
}

void tags_fill(struct tags *tags, u64 address, unsigned way)
{
	tags->valid[tags_set(tags, address)] |= (u16)BIT(way);
	tags_put(tags, address, tags_first(tags, address) + way, 0);
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
	tags->lines[((size_t)set << tags->way_shift) + way] |= TAGS_NOTHING;
}
