/* SPDX-License-Identifier: MIT */
/*
 * See disk_commit.h. The upper disk is emptied only when everything has been copied and is on the
 * medium, so a commit that fails loses nothing, and can be repeated.
 */
#include "devices/block/disk_commit.h"

#include "devices/block/disk.h"
#include "devices/block/image_lock.h"
#include "devices/block/qcow2.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/*
 * copied at a time: the cluster size of most images, so that the rest of a cluster need not be read
 */
#define STEP (64 * KiB)

/* The image below a disk, to which the disk is committed. */
struct below {
	struct disk *disk;
	const char *path;
	unsigned depth; /* the argument of disk_use_qcow2() */
};

static struct below disk_below(const struct disk *disk, const char *path)
{
	struct qcow2_backing backing;

	if (disk->base)
		return (struct below){ disk->base, path, 0 };
	if (!disk->qcow2 || !qcow2_backing(disk->qcow2, &backing))
		return (struct below){ 0 };
	return (struct below){ backing.disk, backing.path, 1 };
}

bool disk_can_commit(const struct disk *disk)
{
	return !disk->readonly && disk_below(disk, NULL).disk;
}

/*
 * Opens the image again, for writing, and replaces the disk opened before: the tables of a qcow2
 * image that was opened only for reading are not sufficient for writing to it.
 */
static int replace(const struct below *below, char *why)
{
	struct disk writable;
	int error = disk_open_writable(&writable, below->disk);

	if (error)
		return error;
	error = below->disk->qcow2 ? disk_use_qcow2(&writable, below->path, below->depth, why) : 0;
	if (error) {
		disk_close(&writable);
		return error;
	}
	/*
	 * image_lock() locks the image even though it reports a conflict with the lock of the first
	 * descriptor, which has kept all other users away.
	 */
	image_lock(writable.fd, false);
	disk_close(below->disk);
	*below->disk = writable;
	return 0;
}

static int open_below(const struct below *below, char *why)
{
	int error = image_lock(below->disk->fd, false);

	if (!error && below->disk->readonly)
		error = replace(below, why);
	if (!error)
		return 0;
	image_lock(below->disk->fd, true);
	if (!*why)
		snprintf(why, QCOW2_WHY, "%.120s: cannot be opened for writing: %s", below->path,
			 error == -EBUSY ? "another machine, or another disk, has it open" :
					   strerror(-error));
	return error;
}

static int grow_below(const struct disk *disk, const struct below *below, char *why)
{
	char text[QCOW2_WHY];
	int error;

	if (disk->sectors <= below->disk->sectors)
		return 0;
	error = disk_grow(below->disk, disk->sectors * DISK_SECTOR, text);
	if (error)
		snprintf(why, QCOW2_WHY, "%.120s: %.120s", below->path, text);
	return error;
}

static int copy_range(struct disk *disk, struct disk *below, u64 offset, u64 size)
{
	u8 data[STEP];
	int error = 0;

	for (u64 end = offset + size, part; !error && offset < end; offset += part) {
		struct iovec iov = { .iov_base = data }, again = iov;

		part = MIN(end - offset, STEP - offset % STEP);
		iov.iov_len = again.iov_len = part;
		error = disk->ops->read(disk, offset, &iov, 1);
		if (!error)
			error = disk_write(below, offset, &again, 1);
	}
	return error;
}

/*
 * Returns how zeros are written to the image below. The guest may have discarded much of the disk,
 * so zeros should take no space, unless all space of the file was allocated in advance.
 */
static enum disk_zeroes zeroes_below(const struct disk *below)
{
	struct stat st;

	if (below->qcow2 || fstat(below->fd, &st) || (u64)st.st_blocks * 512 < (u64)st.st_size)
		return DISK_ZEROES_UNMAP;
	return DISK_ZEROES_ON;
}

/*
 * Copies everything that was written to the disk, in whole sectors, and waits until it is on the
 * medium.
 */
static int copy_all(struct disk *disk, struct disk *below)
{
	u64 offset = 0, end = disk->sectors * DISK_SECTOR, size;
	int found, error = 0;

	below->zeroes = zeroes_below(below);
	while (!error && (found = qcow2_next(disk->qcow2, &offset, &size)) != 0 && offset < end) {
		error = found < 0 ? found :
				    copy_range(disk, below, offset, MIN(size, end - offset));
		offset += size;
	}
	return error ? error : disk_sync(below);
}

/*
 * Copies the disk to the image below and empties it. Returns 0, or a negative errno, with or
 * without a message in `why`.
 */
static int commit_to(struct disk *disk, const struct below *below, char *why)
{
	int error = grow_below(disk, below, why);

	if (!error)
		error = copy_all(disk, below->disk);
	if (error)
		return error;
	return qcow2_empty(disk->qcow2);
}

/* Returns why nothing can be committed, or NULL. */
static const char *refusal(const struct disk *disk)
{
	if (qcow2_shown(disk->qcow2))
		return "goes on from one of its snapshots, to which nothing can be committed";
	if (!qcow2_has_snapshots(disk->qcow2))
		return NULL;
	return disk->base ? "has snapshots in its temporary file, which would change with it; "
			    "delete them first" :
			    "has snapshots, which would change with its backing file; delete them "
			    "first";
}

int disk_commit(struct disk *disk, const char *path, char *why)
{
	const struct below below = disk_below(disk, path);
	const char *refused = refusal(disk);
	bool loses;
	int error;

	*why = 0;
	if (refused) {
		snprintf(why, QCOW2_WHY, "%.120s: %s", path, refused);
		return -ENOTSUP;
	}
	error = open_below(&below, why);
	if (error)
		return error;
	loses = below.disk->qcow2 && qcow2_loses_bitmaps(below.disk->qcow2);
	error = commit_to(disk, &below, why);
	/*
	 * If only a part has reached the file, the lock for writing is kept, so that nobody else
	 * reads the file.
	 */
	if (!disk_sync(below.disk) && !error)
		image_lock(below.disk->fd, true);
	below.disk->failed = false;
	if (error && !*why)
		snprintf(why, QCOW2_WHY, "%.120s: %s%s", below.path, strerror(-error),
			 disk->base ? "; it may have a part, so commit again before the end" : "");
	if (!error && loses && !qcow2_loses_bitmaps(below.disk->qcow2))
		snprintf(why, QCOW2_WHY, "%.120s: its dirty bitmaps have become inconsistent",
			 below.path);
	return error;
}
