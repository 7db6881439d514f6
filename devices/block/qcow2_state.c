/* SPDX-License-Identifier: MIT */
/*
 * Writes and reads the machine's state, which a snapshot stores after the end of the guest's disk.
 * It is written to the active tree in whole clusters, and read from the snapshot's own tree.
 */
#include "devices/block/disk.h"
#include "devices/block/qcow2_image.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BUFFER (64 * KiB) /* or a cluster, if that is more */

/* Returns the guest offset at which the state begins. */
static u64 state_offset(const struct qcow2 *image, u64 disk_size)
{
	return (u64)qcow2_state_index(image, disk_size) << (2 * image->bits - 3);
}

int qcow2_state_begin(struct qcow2 *image, char *why)
{
	struct qcow2_state *state = &image->state;

	free(state->buffer);
	*state = (struct qcow2_state){ .buffer = malloc(MAX(BUFFER, image->cluster)) };
	state->error = state->buffer ? qcow2_state_drop(image, why) : -ENOMEM;
	return state->error;
}

/* Writes the buffer, filled up with zeros to whole clusters. */
static int put_buffer(struct qcow2 *image)
{
	struct qcow2_state *state = &image->state;
	u64 offset = state_offset(image, image->size) + state->size;
	u64 size = align_up(state->filled, image->cluster);
	struct iovec iov = { state->buffer, size };
	char why[QCOW2_WHY];
	int error;

	if (!size)
		return 0;
	memset(state->buffer + state->filled, 0, size - state->filled);
	error = qcow2_grow_l1(image, ((offset + size - 1) >> (2 * image->bits - 3)) + 1, why);
	if (!error)
		error = qcow2_write(image, offset, &iov, 1);
	state->size += state->filled;
	state->filled = 0;
	return error;
}

int qcow2_state_put(struct qcow2 *image, const void *data, u64 size)
{
	struct qcow2_state *state = &image->state;
	u64 room = MAX(BUFFER, image->cluster);

	if (!state->buffer)
		return -EINVAL;
	for (u64 done = 0, part; !state->error && done < size; done += part) {
		part = MIN(size - done, room - state->filled);
		memcpy(state->buffer + state->filled, (const u8 *)data + done, part);
		state->filled += part;
		if (state->filled == room)
			state->error = put_buffer(image);
	}
	return state->error;
}

int qcow2_state_end(struct qcow2 *image, u64 *size)
{
	struct qcow2_state *state = &image->state;

	if (!state->buffer)
		return -EINVAL;
	if (!state->error)
		state->error = put_buffer(image);
	*size = state->size;
	free(state->buffer);
	state->buffer = NULL;
	return state->error;
}

int qcow2_state_abandon(struct qcow2 *image)
{
	char why[QCOW2_WHY];

	free(image->state.buffer);
	image->state.buffer = NULL;
	return qcow2_state_drop(image, why);
}

/* Makes a second struct for the image's file, whose active tree is that of the snapshot. */
static int make_reader(const struct qcow2 *image, const struct qcow2_snapshot *snapshot,
		       struct qcow2 *reader)
{
	*reader = (struct qcow2){
		.fd = image->fd,
		.readonly = true,
		.version = image->version,
		.bits = image->bits,
		.cluster = image->cluster,
		.end = image->end,
		.l1_size = snapshot->l1_size,
		.size = state_offset(image, snapshot->about.disk_size) + snapshot->about.state_size,
		.packed = malloc(2 * image->cluster),
		.unpacked = malloc(image->cluster),
	};
	if (!reader->packed || !reader->unpacked)
		return -ENOMEM;
	return qcow2_read_l1(image, snapshot->l1_offset, snapshot->l1_size, &reader->l1.entries);
}

int qcow2_snapshot_open(struct qcow2 *image, const struct qcow2_snapshot *snapshot,
			struct qcow2 **reader, char *why)
{
	u64 covered = (u64)snapshot->l1_size << (2 * image->bits - 3);
	u64 begin = state_offset(image, snapshot->about.disk_size);
	struct qcow2_snapshot theirs;
	int error = 0;

	if (!snapshot->l1_size && snapshot->below) {
		qcow2_snapshot_get(image->backing->qcow2, snapshot->below - 1, &theirs);
		return qcow2_snapshot_open(image->backing->qcow2, &theirs, reader, why);
	}
	if (!range_within(begin, snapshot->about.state_size, 0, covered))
		error = -EINVAL;
	*reader = error ? NULL : calloc(1, sizeof(**reader));
	if (!error)
		error = *reader ? make_reader(image, snapshot, *reader) : -ENOMEM;
	if (!error)
		return 0;
	if (*reader)
		qcow2_close(*reader);
	return error == -EINVAL ? qcow2_say(why, error,
					    "is damaged: the state of its snapshot '%s' is invalid",
					    snapshot->about.name) :
				  error;
}
