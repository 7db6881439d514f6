/* SPDX-License-Identifier: MIT */
/*
 * The tags of a set-associative cache: which line each way of each set holds. The cache itself
 * decides what to replace, and when.
 */
#ifndef CPU_TIMING_UNITS_TAGS_H
#define CPU_TIMING_UNITS_TAGS_H

#include "bus/base.h"

#define TAGS_WAYS_MAX 16

/* The numbers of sets and of bytes in a line are powers of two. */
struct tags_shape {
	unsigned sets, ways, line; /* line: bytes */
};

/* Lines begin at multiples of 16: the bits below that are notes of the cache's own. */
#define TAGS_NOTES 15ull
#define TAGS_NOTHING (~TAGS_NOTES) /* no line begins there */
#define TAGS_RECENT_BITS 9

struct tags {
	struct tags_shape shape;
	unsigned line_shift; /* its logarithm */
	unsigned way_shift; /* that of places for a set, which are as many as ways or more */
	/* the digest of an address is the byte above this bit, above set and line */
	unsigned digest_shift;
	/* an address shifted by this, under first_mask, is the first place of its set */
	unsigned first_shift;
	u32 first_mask;
	u16 all; /* bits of `valid` */
	/* for each place the address of the line's first byte, or TAGS_NOTHING; with notes */
	u64 *lines;
	u8 *digests; /* for each place that of its line, to compare those of a set at once */
	u16 *valid; /* for each set a bit for each way */
	u64 changes; /* so far; of a copy, since it was made */
	u64 copied; /* the value of `changes` of the tags that these were copied from */
	u32 *recent; /* places in `lines` of what was found, by a hash: where to look first */
};

/* Make tags that are all invalid. Return 0 or -ENOMEM. */
int tags_init(struct tags *tags, const struct tags_shape *shape);
void tags_free(struct tags *tags);
void tags_reset(struct tags *tags);

/* The contents were changed from outside, as when a state is loaded. */
void tags_loaded(struct tags *tags);

/*
 * Copy the contents; both were made with one shape, and `to` is always copied from the same one.
 * Return false if they were equal.
 */
bool tags_copy(struct tags *to, const struct tags *from);

static inline unsigned tags_set(const struct tags *tags, u64 address)
{
	return (unsigned)(address >> tags->line_shift) & (tags->shape.sets - 1);
}

/* Places are numbered, set by set. Return how many there are; and the way of a place. */
static inline size_t tags_places(const struct tags *tags)
{
	return (size_t)tags->shape.sets << tags->way_shift;
}

static inline u32 tags_way_of(const struct tags *tags, u32 place)
{
	return place & (u32)(BIT(tags->way_shift) - 1);
}

/* Returns the valid ways of a set. */
static inline u16 tags_valid(const struct tags *tags, unsigned set)
{
	return tags->valid[set];
}

/* Returns the lowest way that is not in `valid`, or -1 when all are. */
static inline int tags_free_way(const struct tags *tags, u16 valid)
{
	u32 unused = tags->all & ~(u32)valid;

	return unused ? __builtin_ctz(unused) : -1;
}

/* Returns the way that holds the address, or -1. */
int tags_find(const struct tags *tags, u64 address);

void tags_fill(struct tags *tags, u64 address, unsigned way);
void tags_clear_set(struct tags *tags, unsigned set);
void tags_clear_way(struct tags *tags, unsigned set, unsigned way);

#endif
