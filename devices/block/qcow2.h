/* SPDX-License-Identifier: MIT */
/*
 * A disk image in QEMU's format qcow2, versions 2 and 3 (docs/interop/qcow2.txt of QEMU): read and
 * written, with backing files and compressed clusters. An image is not trusted: all of its tables
 * are bounded by the size of its file, and a guest's data never overwrites them.
 */
#ifndef DEVICES_BLOCK_QCOW2_H
#define DEVICES_BLOCK_QCOW2_H

#include "bus/base.h"
#include <sys/uio.h>

#define QCOW2_WHY 256 /* bytes of a buffer for an error text */

struct disk;
struct qcow2;

struct qcow2_source {
	const char *path; /* for backing files relative to it, and for messages */
	int fd; /* open; borrowed */
	bool readonly;
	/* The number of images above this one in the chain of backing files. */
	unsigned depth;
	char *why; /* QCOW2_WHY bytes; gets a line if -EINVAL is returned */
};

/* Returns whether the file begins like an image of this format. */
bool qcow2_is(int fd);

/* Opens an image. Returns 0, -EINVAL with a line in why, or another negative errno. */
int qcow2_open(struct qcow2 **image, const struct qcow2_source *source);
void qcow2_close(struct qcow2 *image);

u64 qcow2_size(const struct qcow2 *image); /* bytes that the guest sees */
u64 qcow2_cluster(const struct qcow2 *image); /* bytes of a cluster */

/* Returns whether the image has dirty bitmaps, which the first write makes inconsistent. */
bool qcow2_loses_bitmaps(const struct qcow2 *image);

/*
 * Makes a file that was just created an empty image of a disk with `size` bytes. Returns 0 or a
 * negative errno.
 */
int qcow2_create(int fd, u64 size);

/*
 * Makes `base` the backing file of an image that was just created. It is closed and freed with the
 * image. The image is temporary then, so it is never flushed to the medium.
 */
void qcow2_put_over(struct qcow2 *image, struct disk *base);

/*
 * Reads the list of snapshots, also of an image that is only read. Returns 0, -EINVAL if
 * QCOW2_BAD_SNAPSHOTS is the message for the user, or another negative errno.
 */
int qcow2_read_snapshots(struct qcow2 *image);
#define QCOW2_BAD_SNAPSHOTS                                                                        \
	"is damaged: its snapshot table is invalid; `qemu-img check -r all` repairs it, "          \
	"readonly=on opens it unrepaired"

/*
 * Adds the snapshots of the backing file to the list of a temporary image (qcow2_put_over). Returns
 * 0 or a negative errno.
 */
int qcow2_inherit(struct qcow2 *image);

/*
 * Returns which snapshot of its backing file the image is based on: its number, from 1; 0: on none.
 */
u32 qcow2_shown(const struct qcow2 *image);

/* The backing file of an image; all pointers are borrowed, and valid while the image is open. */
struct qcow2_backing {
	const char *name; /* as in the header */
	const char *path; /* as it was opened */
	const char *format; /* "raw" or "qcow2" */
	struct disk *disk;
};
/* Describes the backing file; returns false if there is none. */
bool qcow2_backing(const struct qcow2 *image, struct qcow2_backing *backing);

/* These do what the functions in disk.h do; ranges are of the guest's bytes. */
int qcow2_read(struct qcow2 *image, u64 offset, struct iovec *iov, unsigned count);
int qcow2_write(struct qcow2 *image, u64 offset, struct iovec *iov, unsigned count);
int qcow2_zero(struct qcow2 *image, u64 offset, u64 size);
int qcow2_flush(struct qcow2 *image);

/*
 * Enlarges the guest's disk; the new part reads as zeros. Returns 0, or a negative errno with a
 * line in why (QCOW2_WHY bytes) that follows the name of a disk in a message; the size is unchanged
 * then.
 */
int qcow2_grow(struct qcow2 *image, u64 size, char *why);

/* Returns whether the image has snapshots that would change if its backing file were written. */
bool qcow2_has_snapshots(const struct qcow2 *image);

/*
 * Finds the first part at or after *offset that is in the image itself and not in its backing file.
 * Returns 1 and sets *offset and *size, 0 if there is none, or a negative errno.
 */
int qcow2_next(struct qcow2 *image, u64 *offset, u64 *size);

/*
 * Drops all contents that are in the image itself. Its backing file must have the same contents.
 * Returns 0 or a negative errno.
 */
int qcow2_empty(struct qcow2 *image);

bool qcow2_is_broken(const struct qcow2 *image); /* implements disk_is_broken() */

/* Returns whether the tables in memory differ from the file's. qcow2_flush writes them. */
bool qcow2_changed(const struct qcow2 *image);

#endif
