/* SPDX-License-Identifier: MIT */
/* Fields of nested structures. See layout.h. */
#include "cpu/timing/layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_MAX 64

/*
 * A walk over all numbers of a layout: the first walk counts the fields, a second one writes them.
 */
struct walk {
	unsigned count; /* fields so far */
	size_t length; /* bytes of their names so far */
	struct state_field *fields; /* NULL: fields are only counted */
	char *names;
};

static void layout_visit(struct walk *walk, const struct layout_field *field, u32 base,
			 const char *name)
{
	size_t length = strlen(name) + 1;

	if (walk->fields) {
		memcpy(walk->names + walk->length, name, length);
		walk->fields[walk->count] = (struct state_field){
			.name = walk->names + walk->length,
			.offset = base + field->offset,
			.size = field->size,
			.count = field->count,
			.boolean = field->boolean,
		};
	}
	walk->length += length;
	walk->count++;
}

static void walk_layout(struct walk *walk, const struct layout *layout, u32 base,
			const char *prefix)
{
	char name[NAME_MAX];

	for (unsigned n = 0; n < layout->count; n++) {
		const struct layout_field *field = &layout->fields[n];
		const struct layout *unit = field->unit ? field->unit() : NULL;

		for (u32 k = 0; unit && k < field->count; k++) {
			snprintf(name, sizeof(name), field->count > 1 ? "%s%s%u." : "%s%s.", prefix,
				 field->name, k);
			walk_layout(walk, unit, base + field->offset + k * field->size, name);
		}
		snprintf(name, sizeof(name), "%s%s", prefix, field->name);
		if (!unit)
			layout_visit(walk, field, base, name);
	}
}

bool layout_expand(const struct layout *layout, int (*post_load)(void *self),
		   struct layout_state *state)
{
	struct walk walk = { .count = 0 };

	walk_layout(&walk, layout, 0, "");
	walk.fields = state->fields = calloc(walk.count, sizeof(*state->fields));
	walk.names = state->names = malloc(walk.length);
	if (!walk.fields || !walk.names)
		return false;
	walk.count = 0;
	walk.length = 0;
	walk_layout(&walk, layout, 0, "");
	state->type = (struct state_type){
		.version = 1, .fields = state->fields, .count = walk.count, .post_load = post_load,
	};
	return true;
}

void layout_free(struct layout_state *state)
{
	free(state->fields);
	free(state->names);
}

static u64 number_at(const u8 *at, u32 size)
{
	u64 value = 0;

	memcpy(&value, at, size);
	return value;
}

bool layout_holds(const struct layout *layout, const void *base)
{
	for (unsigned n = 0; n < layout->count; n++) {
		const struct layout_field *field = &layout->fields[n];
		const struct layout *unit = field->unit ? field->unit() : NULL;

		for (u32 k = 0; k < field->count; k++) {
			const u8 *at = (const u8 *)base + field->offset + k * field->size;

			if (unit ? !layout_holds(unit, at) :
				   number_at(at, field->size) > field->max)
				return false;
		}
	}
	return true;
}
