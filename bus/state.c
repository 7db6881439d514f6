/* SPDX-License-Identifier: MIT */
/*
 * The register of state and what walks it: save, load, diff (the hash is state_hash.c's). Owns
 * the list of parts, not what they describe.
 *
 * The image, little-endian, without padding; a name is one byte of length and its characters:
 *   u64 magic, u32 format, u32 number of parts, then each part in order of registration:
 *   name, u32 version, u32 number of fields, then each field:
 *     name, u32 size of an element, u32 count, and size * count bytes;
 *   or for a memory: name, u32 STATE_MEMORY, u64 size of the memory, then its extents in ascending
 *     order, each u64 offset, u64 length and the bytes, ended by an offset of all ones. Offsets and
 *     lengths are whole pages; what no extent holds is zeros.
 */
#include "bus/state.h"
#include "bus/ram.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STATE_MAGIC 0x7461747361796162ull /* "bayastat" */
#define STATE_FORMAT 1u
#define STATE_MEMORY UINT32_MAX /* where other parts have their version */
#define STATE_END UINT64_MAX

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

void state_settle(const struct state *state)
{
	for (unsigned i = 0; i < state->count; i++) {
		const struct state_part *part = &state->parts[i];

		if (part->type && part->type->settle)
			part->type->settle(part->self);
	}
}

/* Saving */

static int image_put(struct state_image *image, const void *data, size_t size)
{
	if (size > image->room - image->size) {
		size_t room = MAX(image->size + size, image->room * 2);
		u8 *bytes = realloc(image->data, room);

		if (!bytes)
			return -ENOMEM;
		image->data = bytes;
		image->room = room;
	}
	memcpy(image->data + image->size, data, size);
	image->size += size;
	return 0;
}

static int image_put_u32(struct state_image *image, u32 value)
{
	return image_put(image, &value, sizeof(value));
}

static int image_put_u64(struct state_image *image, u64 value)
{
	return image_put(image, &value, sizeof(value));
}

static int image_put_name(struct state_image *image, const char *name)
{
	u8 length = (u8)strlen(name);
	int error = image_put(image, &length, 1);

	return error ? error : image_put(image, name, length);
}

static int save_extent(struct state_image *image, const struct ram *ram, u64 offset, u64 len)
{
	int error = image_put_u64(image, offset);

	if (!error)
		error = image_put_u64(image, len);
	return error ? error : image_put(image, ram->host + offset, len);
}

/* The pages of [start, end) that are not zeros, in runs. */
static int save_pages(struct state_image *image, const struct ram *ram, u64 start, u64 end)
{
	int error = 0;

	for (u64 from = start; from < end && !error;) {
		u64 to = from;

		while (to < end && !ram_is_zero(ram->host + to, PAGE_SIZE))
			to += PAGE_SIZE;
		if (to > from)
			error = save_extent(image, ram, from, to - from);
		from = to + PAGE_SIZE;
	}
	return error;
}

static int save_ram(struct state_image *image, const struct ram *ram)
{
	int error = image_put_u32(image, STATE_MEMORY);

	if (!error)
		error = image_put_u64(image, ram->size);
	for (u64 at = 0, len; !error && ram_next_data(ram, &at, &len); at += len)
		error = save_pages(image, ram, at, at + len);
	return error ? error : image_put_u64(image, STATE_END);
}

static int save_fields(struct state_image *image, const struct state_part *part)
{
	int error = image_put_u32(image, part->type->version);

	if (!error)
		error = image_put_u32(image, part->type->count);
	for (unsigned i = 0; i < part->type->count && !error; i++) {
		const struct state_field *field = &part->type->fields[i];

		error = image_put_name(image, field->name);
		if (!error)
			error = image_put_u32(image, field->size);
		if (!error)
			error = image_put_u32(image, field->count);
		if (!error)
			error = image_put(image, (const u8 *)part->self + field->offset,
					  (size_t)field->size * field->count);
	}
	return error;
}

int state_save(const struct state *state, struct state_image *image)
{
	int error = image_put_u64(image, STATE_MAGIC);

	state_settle(state);
	if (!error)
		error = image_put_u32(image, STATE_FORMAT);
	if (!error)
		error = image_put_u32(image, state->count);
	for (unsigned i = 0; i < state->count && !error; i++) {
		const struct state_part *part = &state->parts[i];

		error = image_put_name(image, part->name);
		if (!error)
			error = part->ram ? save_ram(image, part->ram) : save_fields(image, part);
	}
	return error;
}

/* Loading: every getter refuses to go beyond the image's end. */

struct reader {
	const u8 *data;
	size_t size;
	size_t at;
};

/* The next `size` bytes, or NULL. */
static const u8 *reader_take(struct reader *reader, u64 size)
{
	if (size > reader->size - reader->at)
		return NULL;
	const u8 *data = reader->data + reader->at;
	reader->at += size;
	return data;
}

static bool reader_get(struct reader *reader, void *value, size_t size)
{
	const u8 *data = reader_take(reader, size);

	if (data)
		memcpy(value, data, size);
	return data != NULL;
}

static bool reader_expect_u32(struct reader *reader, u32 expected)
{
	u32 value;

	return reader_get(reader, &value, sizeof(value)) && value == expected;
}

static bool reader_expect_u64(struct reader *reader, u64 expected)
{
	u64 value;

	return reader_get(reader, &value, sizeof(value)) && value == expected;
}

static bool reader_expect_name(struct reader *reader, const char *name)
{
	u8 length;

	if (!reader_get(reader, &length, 1) || length != strlen(name))
		return false;
	const u8 *text = reader_take(reader, length);
	return text && memcmp(text, name, length) == 0;
}

static void load_pages(struct ram *ram, u64 offset, const u8 *data, u64 len)
{
	for (u64 done = 0; done < len; done += PAGE_SIZE) {
		u8 *page = ram->host + offset + done;

		if (memcmp(page, data + done, PAGE_SIZE) == 0)
			continue;
		memcpy(page, data + done, PAGE_SIZE);
		ram_mark(ram, offset + done, PAGE_SIZE);
	}
}

static bool load_ram(struct reader *reader, struct ram *ram)
{
	u64 loaded = 0; /* all below is done */

	if (!reader_expect_u32(reader, STATE_MEMORY) || !reader_expect_u64(reader, ram->size))
		return false;
	for (;;) {
		u64 offset, len;

		if (!reader_get(reader, &offset, sizeof(offset)))
			return false;
		if (offset == STATE_END)
			break;
		if (!reader_get(reader, &len, sizeof(len)) || offset < loaded || !len ||
		    (offset | len) & ~PAGE_MASK || !range_within(offset, len, 0, ram->size))
			return false;
		const u8 *data = reader_take(reader, len);
		if (!data)
			return false;
		ram_zero(ram, loaded, offset - loaded);
		load_pages(ram, offset, data, len);
		loaded = offset + len;
	}
	ram_zero(ram, loaded, ram->size - loaded);
	return true;
}

static bool load_field(struct reader *reader, const struct state_field *field, u8 *to)
{
	size_t size = (size_t)field->size * field->count;

	if (!reader_expect_name(reader, field->name) || !reader_expect_u32(reader, field->size) ||
	    !reader_expect_u32(reader, field->count))
		return false;
	const u8 *data = reader_take(reader, size);
	if (!data)
		return false;
	if (field->boolean)
		for (size_t i = 0; i < size; i++)
			if (data[i] > 1)
				return false;
	memcpy(to, data, size);
	return true;
}

static bool load_fields(struct reader *reader, const struct state_part *part)
{
	const struct state_type *type = part->type;

	if (!reader_expect_u32(reader, type->version) || !reader_expect_u32(reader, type->count))
		return false;
	for (unsigned i = 0; i < type->count; i++)
		if (!load_field(reader, &type->fields[i],
				(u8 *)part->self + type->fields[i].offset))
			return false;
	return true;
}

int state_load(struct state *state, const u8 *data, size_t size)
{
	struct reader reader = { .data = data, .size = size };

	if (!reader_expect_u64(&reader, STATE_MAGIC) ||
	    !reader_expect_u32(&reader, STATE_FORMAT) || !reader_expect_u32(&reader, state->count))
		return -EINVAL;
	for (unsigned i = 0; i < state->count; i++) {
		const struct state_part *part = &state->parts[i];

		if (!reader_expect_name(&reader, part->name) ||
		    !(part->ram ? load_ram(&reader, part->ram) : load_fields(&reader, part)))
			return -EINVAL;
	}
	if (reader.at != reader.size)
		return -EINVAL;
	for (unsigned i = 0; i < state->count; i++) {
		const struct state_part *part = &state->parts[i];

		if (part->type && part->type->loaded && part->type->loaded(part->self))
			return -EINVAL;
	}
	return 0;
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
				snprintf(subscript, sizeof(subscript), "[%" PRIu32 "]", index);
			snprintf(text, size, "%s.%s%s: 0x%" PRIx64 " 0x%" PRIx64, a->name,
				 field->name, subscript, left, right);
			return true;
		}
	}
	return false;
}

/* The first page at or after `at` in which one of the two may hold something, or their size. */
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
		snprintf(text, size, "%s+0x%" PRIx64 ": 0x%x 0x%x", part->name, at + i, left[i],
			 right[i]);
		return true;
	}
	return false;
}

bool state_diff(const struct state *a, const struct state *b, char *text, size_t size)
{
	assert(a->count == b->count);
	state_settle(a);
	state_settle(b);
	for (unsigned i = 0; i < a->count; i++) {
		const struct state_part *left = &a->parts[i], *right = &b->parts[i];

		/* A model's type is its own: what is in it follows from its parameters. */
		assert(!left->ram == !right->ram);
		assert(left->ram || left->type->count == right->type->count);
		if (left->ram ? diff_ram(left, right->ram, text, size) :
				diff_fields(left, right, text, size))
			return true;
	}
	return false;
}
