/* SPDX-License-Identifier: MIT */
/*
 * Tables of the fields of nested structures. From one table come the flat list of state fields,
 * each with its full name, and the check of loaded values against the largest allowed.
 */
#ifndef CPU_TIMING_LAYOUT_H
#define CPU_TIMING_LAYOUT_H

#include "bus/state.h"

struct layout;

struct layout_field {
	const char *name;
	u32 offset, size, count; /* size of an element; number of elements */
	bool boolean;
	u64 max; /* the largest value allowed, for numbers */
	const struct layout *(*unit)(void); /* the layout of a structure; NULL: it is a number */
};

struct layout {
	const struct layout_field *fields;
	unsigned count;
};

#define LAYOUT_ANY UINT64_MAX

/* No machine runs until this cycle; sums of such numbers do not overflow. */
#define CYCLE_MAX BIT(62)

/*
 * Rows for a number, an array of numbers, a structure, an array of structures, and a
 * two-dimensional array of structures.
 */
#define LAYOUT_NUMBER(type, member, largest)                                                       \
	{ #member, offsetof(type, member), sizeof(((type *)0)->member), 1,                         \
	  STATE_IS_BOOL(((type *)0)->member), largest, NULL }
#define LAYOUT_NUMBERS(type, member, largest)                                                      \
	{ #member, offsetof(type, member), sizeof(((type *)0)->member[0]),                         \
	  ARRAY_SIZE(((type *)0)->member), STATE_IS_BOOL(((type *)0)->member[0]), largest, NULL }
#define LAYOUT_STRUCT(type, member, inner)                                                         \
	{ #member, offsetof(type, member), sizeof(((type *)0)->member), 1, false, 0, inner }
#define LAYOUT_STRUCTS(type, member, inner)                                                        \
	{ #member, offsetof(type, member), sizeof(((type *)0)->member[0]),                         \
	  ARRAY_SIZE(((type *)0)->member), false, 0, inner }
#define LAYOUT_GRID(type, member, inner)                                                           \
	{ #member, offsetof(type, member), sizeof(((type *)0)->member[0][0]),                      \
	  sizeof(((type *)0)->member) / sizeof(((type *)0)->member[0][0]), false, 0, inner }
#define LAYOUT(table) { table, ARRAY_SIZE(table) }

/* A layout expanded to a state type, which owns its fields and names. */
struct layout_state {
	struct state_type type;
	struct state_field *fields;
	char *names;
};

/* Expands a layout; `post_load` becomes the type's. Returns false when out of memory. */
bool layout_expand(const struct layout *layout, int (*post_load)(void *self),
		   struct layout_state *state);
void layout_free(struct layout_state *state);

/* Returns whether all numbers of the structure at `base` are allowed. */
bool layout_holds(const struct layout *layout, const void *base);

#endif
