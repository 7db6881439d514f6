/* SPDX-License-Identifier: MIT */
/*
 * Buffers a machine's state between the machine, which has some thousand small fields and a few
 * large pieces of memory, and a disk, which is written and read in pieces of one size. See
 * board/snapshot/state.h.
 */
#include "devices/board/snapshot/state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bus/state.h"
#include "devices/block/disk_snapshot.h"

#define PIECE (64 * KiB)
#define TRAILER_MAGIC 0x6873616861796162ull /* "bayahash" */

/*
 * Follows the state, so that damage to the file is not taken for another machine. States of older
 * versions have none. Someone who changes a state can compute it, so it proves nothing else.
 */
struct trailer {
	u64 magic;
	u64 hash; /* of the pieces before it, in turn */
};

struct writing {
	struct disk *disk;
	struct trailer trailer; /* for the pieces so far */
	size_t used;
	u8 bytes[PIECE];
};

static int put_piece(struct writing *writing)
{
	struct trailer *trailer = &writing->trailer;
	int error = disk_state_put(writing->disk, writing->bytes, writing->used);

	if (writing->used)
		trailer->hash = state_hash_bytes(trailer->hash, writing->bytes, writing->used);
	writing->used = 0;
	return error;
}

static int snapshot_state_put(void *ctx, const void *data, size_t size)
{
	struct writing *writing = ctx;
	const u8 *from = data;
	int error = 0;

	for (size_t part; size && !error; from += part, size -= part) {
		part = MIN(size, PIECE - writing->used);
		memcpy(writing->bytes + writing->used, from, part);
		writing->used += part;
		if (writing->used == PIECE)
			error = put_piece(writing);
	}
	return error;
}

int snapshot_state_write(const struct state *state, struct disk *disk, u64 *size, char *why)
{
	struct writing *writing = malloc(sizeof(*writing));
	const struct state_sink sink = { .put = snapshot_state_put, .ctx = writing };
	int error = writing ? disk_state_begin(disk, why) : -ENOMEM;

	if (!error) {
		writing->disk = disk;
		writing->trailer = (struct trailer){ .magic = TRAILER_MAGIC };
		writing->used = 0;
		error = state_write(state, &sink);
		if (!error)
			error = put_piece(writing);
		if (!error)
			error = disk_state_put(disk, &writing->trailer, sizeof(writing->trailer));
		if (!error)
			error = disk_state_end(disk, size);
		if (error)
			disk_state_abandon(disk);
	}
	free(writing);
	return error;
}

struct snapshot_state {
	struct disk_saved *saved;
	u64 size; /* without the trailer */
	struct trailer trailer; /* without its magic: there is none */
	u64 next; /* offset in the state of the next piece */
	u64 hash; /* of the pieces before that */
	size_t at, have; /* in bytes */
	u8 bytes[PIECE];
};

static int read_trailer(struct snapshot_state *saved)
{
	u64 size = disk_saved_size(saved->saved), end = size - sizeof(saved->trailer);
	int error;

	saved->size = size;
	saved->trailer = (struct trailer){ 0 };
	if (size < sizeof(saved->trailer))
		return 0;
	error = disk_saved_read(saved->saved, end, &saved->trailer, sizeof(saved->trailer));
	if (!error && saved->trailer.magic == TRAILER_MAGIC)
		saved->size = end;
	return error;
}

int snapshot_state_open(struct snapshot_state **saved, struct disk *disk, const char *tag,
			char *why)
{
	int error;

	*saved = malloc(sizeof(**saved));
	if (!*saved)
		return -ENOMEM;
	error = disk_saved_open(&(*saved)->saved, disk, tag, why);
	if (error) {
		free(*saved);
		*saved = NULL;
		return error;
	}
	error = read_trailer(*saved);
	if (error) {
		snapshot_state_close(*saved);
		*saved = NULL;
	}
	return error;
}

void snapshot_state_close(struct snapshot_state *saved)
{
	if (!saved)
		return;
	disk_saved_close(saved->saved);
	free(saved);
}

static int get_piece(struct snapshot_state *saved)
{
	u64 left = saved->size - saved->next;
	size_t size = (size_t)MIN(left, (u64)PIECE);
	int error = size ? disk_saved_read(saved->saved, saved->next, saved->bytes, size) : -EIO;

	saved->at = 0;
	saved->have = error ? 0 : size;
	saved->next += saved->have;
	saved->hash = state_hash_bytes(saved->hash, saved->bytes, saved->have);
	return error;
}

static int snapshot_state_get(void *ctx, void *data, size_t size)
{
	struct snapshot_state *saved = ctx;
	u8 *to = data;

	for (size_t part; size; to += part, size -= part) {
		int error = saved->at == saved->have ? get_piece(saved) : 0;

		if (error)
			return error;
		part = MIN(size, saved->have - saved->at);
		memcpy(to, saved->bytes + saved->at, part);
		saved->at += part;
	}
	return 0;
}

/* Returns a source that begins at the first byte of the state. */
static struct state_source source_of(struct snapshot_state *saved)
{
	saved->next = saved->hash = saved->at = saved->have = 0;
	return (struct state_source){ snapshot_state_get, saved, saved->size };
}

/* Reads what is left. Returns 0, -EBADMSG if the state is not what was saved, or another error. */
static int check_hash(struct snapshot_state *saved)
{
	int error = 0;

	while (!error && saved->next < saved->size)
		error = get_piece(saved);
	if (error || saved->trailer.magic != TRAILER_MAGIC)
		return error;
	return saved->hash == saved->trailer.hash ? 0 : -EBADMSG;
}

int snapshot_state_check(struct snapshot_state *saved, const struct state *state, char *differs,
			 size_t size)
{
	const struct state_source source = source_of(saved);

	int error = state_check(state, &source, differs, size), damage = 0;

	if (!error || error == -EINVAL)
		damage = check_hash(saved);
	return damage ? damage : error;
}

void snapshot_state_version(struct snapshot_state *saved, char *text, size_t size)
{
	const struct state_source source = source_of(saved);

	state_version(&source, text, size);
}

int snapshot_state_read(struct snapshot_state *saved, struct state *state)
{
	const struct state_source source = source_of(saved);

	return state_read(state, &source);
}
