/* SPDX-License-Identifier: MIT */
/*
 * Writes a machine to a sink and reads it from a source; sinks and sources in memory are here too.
 * Owns nothing; walks the register of state.c.
 *
 * The stream is little-endian and without padding; a name is one byte of length and its characters.
 * It is: u64 magic, u32 format, the version of the program as a name (not in format 1), u32 number
 * of parts, then each part in order of registration: name, u32 version, u32 number of fields, then
 * each field: name, u32 size of an element, u32 count, and size * count bytes; or for a memory:
 * name, u32 STATE_MEMORY, u64 size of the memory, then its extents in ascending order, each u64
 * offset, u64 length and the bytes, ended by an offset of all ones. Offsets and lengths are whole
 * pages; bytes that no extent holds are zeros.
 */
#include "bus/ram.h"
#include "bus/state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STATE_MAGIC 0x7461747361796162ull /* "bayastat" */
#define STATE_FORMAT 2u
#define STATE_FORMAT_UNVERSIONED 1u
#define STATE_END UINT64_MAX

#define NAME_ROOM (UINT8_MAX + 1)

/* Saving: after an error nothing more is written. */

struct writer {
	const struct state_sink *sink;
	int error;
};

static void stream_put(struct writer *writer, const void *data, size_t size)
{
	if (!writer->error)
		writer->error = writer->sink->put(writer->sink->ctx, data, size);
}

static void put_u32(struct writer *writer, u32 value)
{
	stream_put(writer, &value, sizeof(value));
}

static void put_u64(struct writer *writer, u64 value)
{
	stream_put(writer, &value, sizeof(value));
}

static void put_name(struct writer *writer, const char *name)
{
	u8 length = (u8)strlen(name);

	stream_put(writer, &length, 1);
	stream_put(writer, name, length);
}

/* Writes the pages of [start, end) that are not zeros, in runs. */
static void put_pages(struct writer *writer, const struct ram *ram, u64 start, u64 end)
{
	for (u64 from = start; from < end && !writer->error;) {
		u64 to = from;

		while (to < end && !ram_is_zero(ram->host + to, PAGE_SIZE))
			to += PAGE_SIZE;
		if (to > from) {
			put_u64(writer, from);
			put_u64(writer, to - from);
			stream_put(writer, ram->host + from, to - from);
		}
		from = to + PAGE_SIZE;
	}
}

static void put_ram(struct writer *writer, const struct ram *ram)
{
	put_u32(writer, STATE_MEMORY);
	put_u64(writer, ram->size);
	for (u64 at = 0, len; !writer->error && ram_next_data(ram, &at, &len); at += len)
		put_pages(writer, ram, at, at + len);
	put_u64(writer, STATE_END);
}

static void put_fields(struct writer *writer, const struct state_part *part)
{
	put_u32(writer, part->type->version);
	put_u32(writer, part->type->count);
	for (unsigned i = 0; i < part->type->count; i++) {
		const struct state_field *field = &part->type->fields[i];

		put_name(writer, field->name);
		put_u32(writer, field->size);
		put_u32(writer, field->count);
		stream_put(writer, (const u8 *)part->self + field->offset,
			   (size_t)field->size * field->count);
	}
}

int state_write(const struct state *state, const struct state_sink *sink)
{
	struct writer writer = { .sink = sink };

	state_pre_save(state);
	put_u64(&writer, STATE_MAGIC);
	put_u32(&writer, STATE_FORMAT);
	put_name(&writer, state->version ? state->version : "");
	put_u32(&writer, state->count);
	for (unsigned i = 0; i < state->count; i++) {
		const struct state_part *part = &state->parts[i];

		put_name(&writer, part->name);
		if (part->ram)
			put_ram(&writer, part->ram);
		else
			put_fields(&writer, part);
	}
	return writer.error;
}

/* Loading: every getter refuses to go beyond the source's end. */

struct reader {
	const struct state_source *source;
	u64 left;
	int error; /* why the last getter failed */
	/* The part and the field that are read, or NULL. */
	const struct state_part *part;
	const struct state_field *field;
	bool fixed; /* the field's value was refused; in the source it is `there` */
	u64 there;
	bool keep; /* the values read replace the machine's; otherwise they are only checked */
	char named[NAME_ROOM]; /* the part's name in the source; "": it has not been read */
	/* a buffer: bytes are checked before they are copied to the machine */
	u8 bytes[16 * PAGE_SIZE];
};

/* Notes an error. Always returns false, so that readers can return its value. */
static bool stream_refuse(struct reader *reader)
{
	reader->error = -EINVAL;
	return false;
}

static bool stream_get(struct reader *reader, void *data, size_t size)
{
	if (size > reader->left)
		return stream_refuse(reader);
	reader->left -= size;
	reader->error = reader->source->get(reader->source->ctx, data, size);
	return !reader->error;
}

static bool get_u64(struct reader *reader, u64 *value)
{
	return stream_get(reader, value, sizeof(*value));
}

static bool stream_expect(struct reader *reader, const void *expected, size_t size)
{
	assert(size <= sizeof(reader->bytes));
	return stream_get(reader, reader->bytes, size) &&
	       (memcmp(reader->bytes, expected, size) == 0 || stream_refuse(reader));
}

static bool expect_u32(struct reader *reader, u32 value)
{
	return stream_expect(reader, &value, sizeof(value));
}

static bool expect_u64(struct reader *reader, u64 value)
{
	return stream_expect(reader, &value, sizeof(value));
}

static bool expect_name(struct reader *reader, const char *name)
{
	u8 length = (u8)strlen(name);

	return stream_expect(reader, &length, 1) && stream_expect(reader, name, length);
}

/* Reads any name, of NAME_ROOM bytes at most. */
static bool read_name(struct reader *reader, char *name)
{
	u8 length;

	if (!stream_get(reader, &length, 1) || !stream_get(reader, name, length))
		return false;
	name[length] = 0;
	/* A message may contain the name, so it must be printable. */
	for (char *c = name; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	return true;
}

static void keep_pages(const struct reader *reader, struct ram *ram, u64 offset, u64 len)
{
	for (u64 done = 0; done < len; done += PAGE_SIZE) {
		u8 *page = ram->host + offset + done;

		if (memcmp(page, reader->bytes + done, PAGE_SIZE) == 0)
			continue;
		ram_mark(ram, offset + done, PAGE_SIZE);
		memcpy(page, reader->bytes + done, PAGE_SIZE);
	}
}

static bool read_pages(struct reader *reader, struct ram *ram, u64 offset, u64 len)
{
	for (u64 part; len; offset += part, len -= part) {
		part = MIN(len, sizeof(reader->bytes));
		if (!stream_get(reader, reader->bytes, part))
			return false;
		if (reader->keep)
			keep_pages(reader, ram, offset, part);
	}
	return true;
}

static void zero(const struct reader *reader, struct ram *ram, u64 from, u64 to)
{
	if (reader->keep)
		ram_zero(ram, from, to - from);
}

static bool read_ram(struct reader *reader, struct ram *ram)
{
	u64 done = 0, offset, len; /* everything below `done` has been read */

	if (!expect_u32(reader, STATE_MEMORY) || !expect_u64(reader, ram->size))
		return false;
	while (get_u64(reader, &offset)) {
		if (offset == STATE_END) {
			zero(reader, ram, done, ram->size);
			return true;
		}
		if (!get_u64(reader, &len))
			return false;
		if (offset < done || !len || (offset | len) & ~PAGE_MASK || len > reader->left ||
		    !range_within(offset, len, 0, ram->size))
			return stream_refuse(reader);
		zero(reader, ram, done, offset);
		if (!read_pages(reader, ram, offset, len))
			return false;
		done = offset + len;
	}
	return false;
}

static bool are_bools(const u8 *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (bytes[i] > 1)
			return false;
	return true;
}

/* Refuses the value of a `fixed` field, which determines how the part is made. */
static bool refuse_fixed(struct reader *reader)
{
	reader->fixed = true;
	memcpy(&reader->there, reader->bytes, reader->field->size);
	return stream_refuse(reader);
}

static bool read_field(struct reader *reader, const struct state_part *part, unsigned n)
{
	const struct state_field *field = &part->type->fields[n];
	bool fixed = n >= part->type->count - part->type->fixed;
	u8 *to = (u8 *)part->self + field->offset;
	size_t left = (size_t)field->size * field->count, size;

	reader->field = field;
	if (!expect_name(reader, field->name) || !expect_u32(reader, field->size) ||
	    !expect_u32(reader, field->count))
		return false;
	for (; left; to += size, left -= size) {
		size = MIN(left, sizeof(reader->bytes));
		if (!stream_get(reader, reader->bytes, size))
			return false;
		if (field->boolean && !are_bools(reader->bytes, size))
			return stream_refuse(reader);
		if (fixed && memcmp(reader->bytes, to, size) != 0)
			return refuse_fixed(reader);
		if (reader->keep)
			memcpy(to, reader->bytes, size);
	}
	return true;
}

static bool read_fields(struct reader *reader, const struct state_part *part)
{
	const struct state_type *type = part->type;

	if (!expect_u32(reader, type->version) || !expect_u32(reader, type->count))
		return false;
	for (unsigned i = 0; i < type->count; i++)
		if (!read_field(reader, part, i))
			return false;
	return true;
}

/*
 * Returns the number of the part with this name, which is probably n; if there is none, the number
 * of parts.
 */
static unsigned find_part(const struct state *state, const char *name, unsigned n)
{
	if (n < state->count && !strcmp(state->parts[n].name, name))
		return n;
	for (n = 0; n < state->count && strcmp(state->parts[n].name, name); n++)
		;
	return n;
}

/* Reads the n-th part of the source. */
static bool read_part(struct reader *reader, const struct state *state, unsigned n)
{
	struct state_part *part;

	reader->part = NULL;
	reader->field = NULL;
	reader->named[0] = 0;
	if (!read_name(reader, reader->named))
		return false;
	n = find_part(state, reader->named, n);
	if (n == state->count || state->parts[n].found)
		return stream_refuse(reader);
	reader->part = part = &state->parts[n];
	part->found = true;
	return part->ram ? read_ram(reader, part->ram) : read_fields(reader, part);
}

/* Refuses the source if a part of the machine is not in it. */
static bool expect_all(struct reader *reader, const struct state *state)
{
	for (unsigned n = 0; n < state->count; n++) {
		if (state->parts[n].found)
			continue;
		reader->part = &state->parts[n];
		reader->named[0] = 0;
		return stream_refuse(reader);
	}
	return true;
}

/* Reads the header before the parts; `version` has NAME_ROOM bytes. */
static bool read_head(struct reader *reader, char *version)
{
	u32 format;

	*version = 0;
	if (!expect_u64(reader, STATE_MAGIC) || !stream_get(reader, &format, sizeof(format)))
		return false;
	if (format == STATE_FORMAT)
		return read_name(reader, version);
	return format == STATE_FORMAT_UNVERSIONED || stream_refuse(reader);
}

/*
 * Refuses bytes behind the parts. Whichever machine was saved, the source says how many parts it
 * had, so such bytes are damage.
 */
static bool expect_end(struct reader *reader)
{
	if (reader->left)
		reader->error = -EBADMSG;
	return !reader->left;
}

/*
 * Reads the source. Returns whether all of it was read, and all parts of the machine are in it.
 * They may be in any order: if a model begins to time a running machine, it becomes the last part.
 */
static bool read_machine(struct reader *reader, const struct state *state)
{
	char version[NAME_ROOM];
	u32 count;

	for (unsigned n = 0; n < state->count; n++)
		state->parts[n].found = false;
	if (!read_head(reader, version) || !stream_get(reader, &count, sizeof(count)))
		return false;
	for (unsigned n = 0; n < count; n++)
		if (!read_part(reader, state, n))
			return false;
	return expect_end(reader) && expect_all(reader, state);
}

/*
 * Describes a part that only one of the machines has; returns false if that is not the difference.
 */
static bool describe_part(const struct reader *reader, char *text, size_t size)
{
	if (!reader->part && *reader->named)
		snprintf(text, size, "%s (only there)", reader->named);
	else if (reader->part && !*reader->named)
		snprintf(text, size, "%s (only here)", reader->part->name);
	else
		return false;
	return true;
}

/* Describes what the reader refused. */
static void describe_difference(const struct reader *reader, char *text, size_t size)
{
	const struct state_field *field = reader->field;
	u64 here = 0;
	int used;

	if (describe_part(reader, text, size))
		return;
	used = snprintf(text, size, "%s%s%s", reader->part ? reader->part->name : "",
			field ? "." : "", field ? field->name : "");
	if (!reader->fixed || field->count > 1 || used < 0 || (size_t)used >= size)
		return;
	memcpy(&here, (const u8 *)reader->part->self + field->offset, field->size);
	snprintf(text + used, size - (size_t)used, " (%llu there, %llu here)", reader->there, here);
}

int state_check(const struct state *state, const struct state_source *source, char *differs,
		size_t size)
{
	struct reader reader = { .source = source, .left = source->size };

	if (read_machine(&reader, state))
		return 0;
	describe_difference(&reader, differs, size);
	return reader.error;
}

void state_version(const struct state_source *source, char *text, size_t size)
{
	struct reader reader = { .source = source, .left = source->size };
	char version[NAME_ROOM];
	bool read = read_head(&reader, version);

	snprintf(text, size, "%s", read ? version : "");
}

int state_read(struct state *state, const struct state_source *source)
{
	struct reader reader = { .source = source, .left = source->size, .keep = true };
	int error = read_machine(&reader, state) ? 0 : reader.error;

	state->refused[0] = 0;
	state->rebuilding = true;
	for (unsigned i = 0; i < state->count && !error; i++) {
		const struct state_part *part = &state->parts[i];

		if (!part->type || !part->type->post_load || !part->type->post_load(part->self))
			continue;
		error = -EINVAL;
		memcpy(state->refused, part->name, sizeof(state->refused));
	}
	state->rebuilding = false;
	return error;
}

/* Sink and source in memory. */

static int image_put(void *ctx, const void *data, size_t size)
{
	struct state_image *image = ctx;

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

int state_save(const struct state *state, struct state_image *image)
{
	const struct state_sink sink = { .put = image_put, .ctx = image };

	return state_write(state, &sink);
}

static int memory_get(void *ctx, void *data, size_t size)
{
	const u8 **from = ctx;

	memcpy(data, *from, size);
	*from += size;
	return 0;
}

int state_load(struct state *state, const u8 *data, size_t size)
{
	const struct state_source source = { .get = memory_get, .ctx = &data, .size = size };

	return state_read(state, &source);
}
