/* SPDX-License-Identifier: MIT */
/*
 * The tags of a set-associative cache: which line each way of each set holds. What to replace, and
 * when, is the cache's own affair.
 */
#ifndef CPU_TIMING_TAGS_H
#define CPU_TIMING_TAGS_H

#include "bus/base.h"

#define TAGS_WAYS_MAX 16

/* Sets and line are powers of two. */
struct tags_shape {
	unsigned sets, ways, line; /* line: bytes */
};

#define TAGS_NOTHING UINT64_MAX /* no line begins there */
#define TAGS_RECENT 512

struct tags {
	struct tags_shape shape;
	unsigned line_shift; /* its logarithm */
	unsigned way_shift; /* that of places for a set, which are as many as ways or more */
	unsigned digest_shift; /* of an address: its digest is the byte there, above set and line */
	u64 *lines; /* of each place, the address of the line's first byte; or TAGS_NOTHING */
	u8 *digests; /* of a set TAGS_WAYS_MAX: of its lines, to compare them all at once */
	u16 *valid; /* of a set: a bit for each way */
	u64 changes; /* so far; of a copy, since it was made */
	u64 copied; /* how many changes there were of what it is a copy of */
	u32 *recent; /* places in `lines` of what was found, by a hash: where to look first */
};

/* Invalid throughout. 0 or -ENOMEM. */
int tags_init(struct tags *tags, const struct tags_shape *shape);
void tags_free(struct tags *tags);
void tags_reset(struct tags *tags);

/* The contents are others than they were, as when a state is loaded. */
void tags_loaded(struct tags *tags);

/*
 * The same contents; both were made with one shape, and `to` is always copied from the same one.
 * False: there was nothing to do.
 */
bool tags_copy(struct tags *to, const struct tags *from);

static inline unsigned tags_set(const struct tags *tags, u64 address)
{
	return (unsigned)(address >> tags->line_shift) & (tags->shape.sets - 1);
}

/* The way that holds the address, or -1. */
int tags_find(const struct tags *tags, u64 address);

/* How many places there are; and of one, the way that it is. */
static inline size_t tags_places(const struct tags *tags)
{
	return (size_t)tags->shape.sets << tags->way_shift;
}

static inline size_t tags_place(const struct tags *tags, unsigned set, unsigned way)
{
	return ((size_t)set << tags->way_shift) + way;
}

static inline u32 tags_way_of(const struct tags *tags, u32 place)
{
	return place & (u32)(BIT(tags->way_shift) - 1);
}

static inline u32 *tags_recent(const struct tags *tags, u64 address)
{
	return &tags->recent[(address >> tags->line_shift) % TAGS_RECENT];
}

/* Is it where it was found before? Else it may be elsewhere. */
static ALWAYS_INLINE bool tags_hold_recent(const struct tags *tags, u64 address)
{
	u32 place = *tags_recent(tags, address);

	return tags->lines[place] == align_down(address, tags->shape.line);
}

/* As tags_find, for asking often. */
static inline int tags_way(const struct tags *tags, u64 address)
{
	u32 *recent = tags_recent(tags, address);
	int way;

	if (likely(tags_hold_recent(tags, address)))
		return (int)tags_way_of(tags, *recent);
	way = tags_find(tags, address);
	if (way >= 0)
		*recent = (u32)tags_place(tags, tags_set(tags, address), (unsigned)way);
	return way;
}

/* Does any? */
static inline bool tags_hold(const struct tags *tags, u64 address)
{
	return tags_way(tags, address) >= 0;
}

/* Valid ways of a set. */
static inline u16 tags_valid(const struct tags *tags, unsigned set)
{
	return tags->valid[set];
}

/* The lowest way that is not among `valid`, or -1 when all are. */
static inline int tags_free_way(const struct tags *tags, u16 valid)
{
	u32 unused = ~(u32)valid & (u32)(BIT(tags->shape.ways) - 1);

	return unused ? __builtin_ctz(unused) : -1;
}

static inline u8 *tags_digest(const struct tags *tags, unsigned set, unsigned way)
{
	return &tags->digests[set * TAGS_WAYS_MAX + way];
}

static inline void tags_fill(struct tags *tags, u64 address, unsigned way)
{
	unsigned set = tags_set(tags, address);
	size_t place = tags_place(tags, set, way);

	tags->changes++;
	tags->lines[place] = align_down(address, tags->shape.line);
	tags->valid[set] |= (u16)BIT(way);
	*tags_digest(tags, set, way) = (u8)(address >> tags->digest_shift);
	*tags_recent(tags, address) = (u32)place;
}

void tags_clear_set(struct tags *tags, unsigned set);
void tags_clear_way(struct tags *tags, unsigned set, unsigned way);

#endif
