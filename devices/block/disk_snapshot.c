/* SPDX-License-Identifier: MIT */
/* Snapshots of disks and of sets of disks: see disk_snapshot.h. */
#include "devices/block/disk_snapshot.h"

#include "devices/block/disk.h"
#include "devices/block/qcow2_snapshots.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct disk_saved {
	struct qcow2 *reader;
	u64 size, offset; /* size and offset of the state */
};

/*
 * Writes the text of the host's error to `why`, if there is an error and no text yet. Returns the
 * error.
 */
static int explain(char *why, int error)
{
	if (error && !*why)
		snprintf(why, QCOW2_WHY, "%s", strerror(-error));
	return error;
}

bool disk_can_snapshot(const struct disk *disk)
{
	return disk->qcow2 && !disk->readonly && !disk->copy;
}

int disk_snapshots(struct disk *disk, struct disk_snapshot **list, unsigned *count, char *why)
{
	struct qcow2_snapshot one;
	u32 n = 0;

	*why = 0;
	*count = qcow2_snapshot_count(disk->qcow2);
	*list = calloc(MAX(*count, 1u), sizeof(**list));
	if (!*list)
		return explain(why, -ENOMEM);
	for (; n < *count; n++) {
		qcow2_snapshot_get(disk->qcow2, n, &one);
		(*list)[n] = one.about;
	}
	return 0;
}

bool disk_snapshot_find(const struct disk *disk, const char *name, struct disk_snapshot *found)
{
	struct qcow2_snapshot one;
	u32 n;
	bool is = qcow2_snapshot_find(disk->qcow2, name, &n, &one);

	if (is)
		*found = one.about;
	return is;
}

void disk_set_find(const struct disk_set *set, const char *name, bool *all, bool *any)
{
	struct disk_snapshot found;

	*all = true;
	*any = false;
	for (unsigned n = 0; n < set->count; n++) {
		bool is = disk_snapshot_find(set->disks[n], name, &found);

		*all &= is;
		*any |= is;
	}
}

/*
 * Deletes the new snapshot from the first `count` disks of the set, after it could not be made on
 * the next one.
 */
static void take_back(struct disk_set *set, unsigned count)
{
	char why[QCOW2_WHY];

	while (count--) {
		struct qcow2 *image = set->disks[count]->qcow2;

		qcow2_snapshot_delete(image, qcow2_snapshot_count(image) - 1, why);
	}
}

int disk_set_create(struct disk_set *set, const struct disk_snapshot *snapshot,
		    const struct disk *vm_disk, char *why)
{
	struct disk_snapshot one = *snapshot;
	int error = 0;

	*why = 0;
	for (set->at = 0; set->at < set->count; set->at++) {
		const struct disk *disk = set->disks[set->at];

		one.state_size = disk == vm_disk ? snapshot->state_size : 0;
		error = qcow2_snapshot_create(disk->qcow2, &one, why);
		if (error)
			break;
	}
	if (!error)
		return 0;
	take_back(set, set->at);
	if (vm_disk)
		qcow2_state_abandon(vm_disk->qcow2);
	return explain(why, error);
}

static int snapshot_find(const struct disk *disk, const char *name, u32 *n, char *why)
{
	struct qcow2_snapshot one;

	if (qcow2_snapshot_find(disk->qcow2, name, n, &one))
		return 0;
	return qcow2_say(why, -ENOENT, "has no snapshot '%s'", name);
}

int disk_set_apply(struct disk_set *set, const char *name, char *why)
{
	int error = 0;
	u32 n;

	*why = 0;
	set->applied = 0;
	for (set->at = 0; set->at < set->count; set->at++) {
		error = snapshot_find(set->disks[set->at], name, &n, why);
		if (!error)
			error = qcow2_snapshot_check(set->disks[set->at]->qcow2, n, why);
		if (error)
			return explain(why, error);
	}
	for (set->at = 0; set->at < set->count; set->at++) {
		error = snapshot_find(set->disks[set->at], name, &n, why);
		if (!error)
			error = qcow2_snapshot_apply(set->disks[set->at]->qcow2, n, why);
		if (error)
			break;
		set->applied++;
	}
	return explain(why, error);
}

int disk_set_delete(struct disk_set *set, const char *name, char *why)
{
	int error, none = -ENOENT;
	u32 n;

	*why = 0;
	for (set->at = 0; set->at < set->count; set->at++) {
		if (snapshot_find(set->disks[set->at], name, &n, why))
			continue;
		none = 0;
		*why = 0;
		error = qcow2_snapshot_delete(set->disks[set->at]->qcow2, n, why);
		if (error)
			return explain(why, error);
	}
	return none;
}

/* Deletes all snapshots of a name, except one that is the last of the list. */
static int delete_older(struct qcow2 *image, const char *name, char *why)
{
	struct qcow2_snapshot one;
	int error = 0;
	u32 n;

	while (!error && qcow2_snapshot_find(image, name, &n, &one) &&
	       n + 1 < qcow2_snapshot_count(image))
		error = qcow2_snapshot_delete(image, n, why);
	return error;
}

int disk_set_delete_older(struct disk_set *set, const char *name, char *why)
{
	int error = 0;

	*why = 0;
	for (set->at = 0; set->at < set->count; set->at++) {
		error = delete_older(set->disks[set->at]->qcow2, name, why);
		if (error)
			break;
	}
	return explain(why, error);
}

int disk_state_begin(struct disk *disk, char *why)
{
	*why = 0;
	return explain(why, qcow2_state_begin(disk->qcow2, why));
}

int disk_state_put(struct disk *disk, const void *data, u64 size)
{
	return qcow2_state_put(disk->qcow2, data, size);
}

int disk_state_end(struct disk *disk, u64 *size)
{
	return qcow2_state_end(disk->qcow2, size);
}

int disk_state_abandon(struct disk *disk)
{
	return qcow2_state_abandon(disk->qcow2);
}

int disk_saved_open(struct disk_saved **saved, struct disk *disk, const char *name, char *why)
{
	struct qcow2_snapshot one;
	u32 n;
	int error;

	*why = 0;
	error = snapshot_find(disk, name, &n, why);
	*saved = error ? NULL : calloc(1, sizeof(**saved));
	if (error || !*saved)
		return explain(why, error ? error : -ENOMEM);
	qcow2_snapshot_get(disk->qcow2, n, &one);
	(*saved)->size = one.about.state_size;
	error = qcow2_snapshot_open(disk->qcow2, &one, &(*saved)->reader, why);
	if (error)
		free(*saved);
	else
		(*saved)->offset = qcow2_size((*saved)->reader) - one.about.state_size;
	return explain(why, error);
}

u64 disk_saved_size(const struct disk_saved *saved)
{
	return saved->size;
}

int disk_saved_read(struct disk_saved *saved, u64 offset, void *data, u64 size)
{
	struct iovec iov = { data, size };

	if (!range_within(offset, size, 0, saved->size))
		return -EINVAL;
	return qcow2_read(saved->reader, saved->offset + offset, &iov, 1);
}

void disk_saved_close(struct disk_saved *saved)
{
	qcow2_close(saved->reader);
	free(saved);
}
