/* SPDX-License-Identifier: MIT */
/*
 * The register of state, and the comparison of two machines by it. Owns the list of parts, not the
 * data they describe. state_stream.c saves and loads, state_hash.c hashes.
 */
#include "bus/state.h"
#include "bus/ram.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void state_init(struct state *state)
{
	*state = (struct state){ 0 };
}

void state_free(struct state *state)
{
	free(state->parts);
	*state = (struct state){ 0 };
}

static struct state_part *state_add(struct state *state, const char *name)
{
	struct state_part *parts;

	assert(name[0] && strlen(name) < STATE_NAME_MAX);
	for (unsigned i = 0; i < state->count; i++)
		assert(strcmp(state->parts[i].name, name) != 0);
	parts = realloc(state->parts, (state->count + 1) * sizeof(*parts));
	if (!parts)
		abort();
	state->parts = parts;
	parts[state->count] = (struct state_part){ 0 };
	snprintf(parts[state->count].name, STATE_NAME_MAX, "%s", name);
	return &parts[state->count++];
}

void state_register(struct state *state, const char *name, const struct state_type *type,
		    void *self)
{
	struct state_part *part = state_add(state, name);

	assert(type->version != STATE_MEMORY);
	for (unsigned i = 0; i < type->count; i++) {
		const struct state_field *field = &type->fields[i];

		assert(strlen(field->name) <= UINT8_MAX);
		assert(field->size == 1 || field->size == 2 || field->size == 4 ||
		       field->size == 8);
		(void)field;
	}
	part->type = type;
	part->self = self;
}

void state_register_ram(struct state *state, const char *name, struct ram *ram)
{
	state_add(state, name)->ram = ram;
}

void state_remove(struct state *state, const char *name)
{
	size_t length = strlen(name);
	unsigned kept = 0;

	for (unsigned i = 0; i < state->count; i++) {
		const char *other = state->parts[i].name;

		if (strncmp(other, name, length) || (other[length] && other[length] != '.'))
			state->parts[kept++] = state->parts[i];
	}
	state->count = kept;
}

void state_pre_save(const struct state *state)
{
	for (unsigned i = 0; i < state->count; i++) {
		const struct state_part *part = &state->parts[i];

		if (part->type && part->type->pre_save)
			part->type->pre_save(part->self);
	}
}

bool state_bound(const struct state *state, char *why, size_t size)
{
	for (unsigned i = 0; i < state->count; i++) {
		const struct state_part *part = &state->parts[i];

		if (part->type && part->type->bound && part->type->bound(part->self, why, size))
			return true;
	}
	return false;
}

/* Comparing */

static u64 field_element(const struct state_part *part, const struct state_field *field, u32 index)
{
	u64 value = 0;

	memcpy(&value, (const u8 *)part->self + field->offset + (size_t)index * field->size,
	       field->size);
	return value;
}

static bool diff_fields(const struct state_part *a, const struct state_part *b, char *text,
			size_t size)
{
	for (unsigned i = 0; i < a->type->count; i++) {
		const struct state_field *field = &a->type->fields[i];

		for (u32 index = 0; index < field->count; index++) {
			u64 left = field_element(a, field, index);
			u64 right = field_element(b, field, index);
			char subscript[16] = "";

			if (left == right)
				continue;
			if (field->count > 1)
				snprintf(subscript, sizeof(subscript), "[%u]", index);
			snprintf(text, size, "%s.%s%s: 0x%llx 0x%llx", a->name, field->name,
				 subscript, left, right);
			return true;
		}
	}
	return false;
}

/*
 * Returns the first page at or after `at` in which one of the two may hold something, or their
 * size.
 */
static u64 diff_next_page(const struct ram *a, const struct ram *b, u64 at)
{
	u64 in_a = at, in_b = at, len;

	if (!ram_next_data(a, &in_a, &len))
		in_a = a->size;
	if (!ram_next_data(b, &in_b, &len))
		in_b = b->size;
	return MIN(in_a, in_b);
}

static bool diff_ram(const struct state_part *part, const struct ram *b, char *text, size_t size)
{
	const struct ram *a = part->ram;

	for (u64 at = diff_next_page(a, b, 0); at < a->size;
	     at = diff_next_page(a, b, at + PAGE_SIZE)) {
		const u8 *left = a->host + at, *right = b->host + at;
		unsigned i = 0;

		if (memcmp(left, right, PAGE_SIZE) == 0)
			continue;
		while (left[i] == right[i])
			i++;
		snprintf(text, size, "%s+0x%llx: 0x%x 0x%x", part->name, at + i, left[i], right[i]);
		return true;
	}
	return false;
}

/*
 * Prepares two machines for a comparison, part by part. Equal parts need not have the same `type`:
 * each timing model makes its own, whose contents follow from the model's parameters.
 */
static void begin_comparing(const struct state *a, const struct state *b)
{
	assert(a->count == b->count);
	for (unsigned i = 0; i < a->count; i++) {
		const struct state_part *left = &a->parts[i], *right = &b->parts[i];

		assert(!left->ram == !right->ram);
		assert(left->ram ? left->ram->size == right->ram->size :
				   left->type->count == right->type->count);
		(void)left;
		(void)right;
	}
	state_pre_save(a);
	state_pre_save(b);
}

bool state_diff(const struct state *a, const struct state *b, char *text, size_t size)
{
	begin_comparing(a, b);
	for (unsigned i = 0; i < a->count; i++) {
		const struct state_part *left = &a->parts[i], *right = &b->parts[i];

		if (left->ram ? diff_ram(left, right->ram, text, size) :
				diff_fields(left, right, text, size))
			return true;
	}
	return false;
}

static bool same_fields(const struct state_part *a, const struct state_part *b)
{
	for (unsigned i = 0; i < a->type->count; i++) {
		const struct state_field *field = &a->type->fields[i];

		if (memcmp((const u8 *)a->self + field->offset, (const u8 *)b->self + field->offset,
			   (size_t)field->size * field->count))
			return false;
	}
	return true;
}

/*
 * Returns whether the dirty pages of `a`, except for those that `others` marks, are equal in `b`.
 */
static bool same_dirty(const struct ram *a, const struct ram *b, const u8 *others)
{
	for (u64 page = 0; ram_next_dirty(a, &page); page++)
		if (!(others && others[page]) && memcmp(a->host + (page << PAGE_SHIFT),
							b->host + (page << PAGE_SHIFT), PAGE_SIZE))
			return false;
	return true;
}

bool state_same_written(const struct state *a, const struct state *b)
{
	begin_comparing(a, b);
	for (unsigned i = 0; i < a->count; i++) {
		const struct state_part *left = &a->parts[i], *right = &b->parts[i];

		if (left->ram ? !same_dirty(left->ram, right->ram, NULL) ||
					!same_dirty(right->ram, left->ram, left->ram->dirty) :
				!same_fields(left, right))
			return false;
	}
	return true;
}
