/* SPDX-License-Identifier: MIT */
/*
 * The tags of a set-associative cache: which line is in each way of each set. The cache itself
 * decides what to replace, and when.
 */
#ifndef CPU_TIMING_UNITS_TAGS_H
#define CPU_TIMING_UNITS_TAGS_H

#include "bus/base.h"

#define TAGS_WAYS_MAX 16

/* The shape of a cache; `sets` and `line` are powers of two. */
struct tags_shape {
	unsigned sets, ways, line; /* line: bytes */
};

/* Lines begin at multiples of 16, so the lower bits of a tag are free for the cache's notes. */
#define TAGS_NOTES 15ull
#define TAGS_NOTHING (~TAGS_NOTES) /* no line begins there */
#define TAGS_RECENT_BITS 9

struct tags {
	struct tags_shape shape;
	unsigned line_shift; /* log2 of the bytes of a line */
	unsigned way_shift; /* log2 of the places of a set, of which there may be more than ways */
	/* an address's digest is the byte from this bit on, above set and line */
	unsigned digest_shift;
	/* an address shifted by this, under first_mask, is the first place of its set */
	unsigned first_shift;
	u32 first_mask;
	u16 all; /* bits of `valid` */
	/* for each place, the address of its line, or TAGS_NOTHING, with the notes */
	u64 *lines;
	/* for each place, the digest of its line; those of a set are compared at once */
	u8 *digests;
	u16 *valid; /* for each set a bit for each way */
	u64 changes; /* the number of changes; in a copy, since it was made */
	u64 copied; /* the value of `changes` of the tags that these were copied from */
	u32 *recent; /* by a hash, the place of a line that was found: it is checked first */
};

/* Makes tags without valid lines. Returns 0 or -ENOMEM. */
int tags_init(struct tags *tags, const struct tags_shape *shape);
void tags_free(struct tags *tags);
void tags_reset(struct tags *tags);

/* Must be called after the contents were changed from outside, as by loading a state. */
void tags_loaded(struct tags *tags);

/*
 * Copies the contents of tags of the same shape. A given `to` must always be used with the same
 * `from`. Returns false if they were equal.
 */
bool tags_copy(struct tags *to, const struct tags *from);

static inline unsigned tags_set(const struct tags *tags, u64 address)
{
	return (unsigned)(address >> tags->line_shift) & (tags->shape.sets - 1);
}

/*
 * tags_places returns the number of places, which are numbered set by set; tags_way_of the way of a
 * place.
 */
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

/* Returns the lowest way that is not in `valid`, or -1 if all are. */
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
