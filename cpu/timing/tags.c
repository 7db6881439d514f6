/* SPDX-License-Identifier: MIT */
/* The tags of a set-associative cache. See tags.h. */
#include "cpu/timing/tags.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int tags_init(struct tags *tags, const struct tags_shape *shape)
{
	assert(shape->ways <= TAGS_WAYS_MAX);
	tags->way_shift = 0;
	tags->shape = *shape;
	tags->line_shift = (unsigned)__builtin_ctz(shape->line);
	while (BIT(tags->way_shift) < shape->ways)
		tags->way_shift++;
	tags->lines = calloc(tags_places(tags), sizeof(*tags->lines));
	tags->valid = calloc(shape->sets, sizeof(*tags->valid));
	tags->changes = 1;
	tags->copied = 0;
	tags->recent = calloc(TAGS_RECENT, sizeof(*tags->recent));
	return tags->lines && tags->valid && tags->recent ? 0 : -ENOMEM;
}

void tags_free(struct tags *tags)
{
	free(tags->lines);
	free(tags->valid);
	free(tags->recent);
}

void tags_reset(struct tags *tags)
{
	tags->changes++;
	memset(tags->valid, 0, tags->shape.sets * sizeof(*tags->valid));
}

bool tags_copy(struct tags *to, const struct tags *from)
{
	if (!to->changes && to->copied == from->changes)
		return false;
	to->changes = 0;
	to->copied = from->changes;
	memcpy(to->lines, from->lines, tags_places(from) * sizeof(*to->lines));
	memcpy(to->valid, from->valid, from->shape.sets * sizeof(*to->valid));
	return true;
}

int tags_find(const struct tags *tags, u64 address)
{
	unsigned set = tags_set(tags, address);
	const u64 *line = &tags->lines[(size_t)set << tags->way_shift];
	u64 wanted = align_down(address, tags->shape.line);

	for (unsigned way = 0; way < tags->shape.ways; way++)
		if (line[way] == wanted && tags->valid[set] >> way & 1)
			return (int)way;
	return -1;
}

int tags_free_way(const struct tags *tags, u16 valid)
{
	u32 unused = ~(u32)valid & (u32)(BIT(tags->shape.ways) - 1);

	return unused ? __builtin_ctz(unused) : -1;
}

void tags_fill(struct tags *tags, u64 address, unsigned way)
{
	unsigned set = tags_set(tags, address);
	u32 place = (set << tags->way_shift) + way;

	tags->changes++;
	tags->lines[place] = align_down(address, tags->shape.line);
	tags->valid[set] |= (u16)BIT(way);
	*tags_recent(tags, address) = place;
}

void tags_clear_set(struct tags *tags, unsigned set)
{
	tags->changes++;
	tags->valid[set] = 0;
}

void tags_clear_way(struct tags *tags, unsigned set, unsigned way)
{
	tags->changes++;
	tags->valid[set] &= (u16)~BIT(way);
}
