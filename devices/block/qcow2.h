/* SPDX-License-Identifier: MIT */
/*
 * A disk image in QEMU's format qcow2, versions 2 and 3 (docs/interop/qcow2.txt of QEMU): read and
 * written, with backing files and compressed clusters. An image is hostile: all of its tables are
 * bounded by the size of its file, and a guest's data never overwrites them.
 */
#ifndef DEVICES_BLOCK_QCOW2_H
#define DEVICES_BLOCK_QCOW2_H

#include "bus/base.h"
#include <sys/uio.h>

#define QCOW2_WHY 256 /* bytes of an error text */

struct disk;
struct qcow2;

struct qcow2_source {
	const char *path; /* for backing files relative to it, and for messages */
	int fd; /* open; borrowed */
	bool readonly;
	/* The number of images above it in the chain of backing files. */
	unsigned depth;
	char *why; /* QCOW2_WHY bytes; gets a line with -EINVAL */
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

/* Makes an empty image of a file that was just created. 0 or a negative errno. */
int qcow2_create(int fd, u64 size);

/*
 * Gives an image that was just created a disk as its backing file, which is closed and freed with
 * it. The image is lost then, so nothing of it need reach the medium.
 */
void qcow2_put_over(struct qcow2 *image, struct disk *base);

/*
 * Reads the list of snapshots of an image, also if that is only read. 0, -EINVAL with
 * QCOW2_BAD_SNAPSHOTS as what is to be said, or another negative errno.
 */
int qcow2_read_snapshots(struct qcow2 *image);
#define QCOW2_BAD_SNAPSHOTS                                                                        \
	"is damaged: its snapshot table is invalid; `qemu-img check -r all` repairs it, "          \
	"readonly=on opens it unrepaired"

/* Gives the image of qcow2_put_over the snapshots of its backing file. 0 or a negative errno. */
int qcow2_inherit(struct qcow2 *image);

/* Returns the number, from 1 on, of the snapshot of its backing file that is shown; 0: none. */
u32 qcow2_shown(const struct qcow2 *image);

/* The backing file of an image; all pointers are borrowed, as long as the image is open. */
struct qcow2_backing {
	const char *name; /* as the header has it */
	const char *path; /* as it was opened */
	const char *format; /* "raw" or "qcow2" */
	struct disk *disk;
};
/* Describes the backing file; returns false if there is none. */
bool qcow2_backing(const struct qcow2 *image, struct qcow2_backing *backing);

/* These are as in disk.h; ranges are of the guest's bytes. */
int qcow2_read(struct qcow2 *image, u64 offset, struct iovec *iov, unsigned count);
int qcow2_write(struct qcow2 *image, u64 offset, struct iovec *iov, unsigned count);
int qcow2_zero(struct qcow2 *image, u64 offset, u64 size);
int qcow2_flush(struct qcow2 *image);

/*
 * Makes the guest's disk larger; the new part reads as zeros. 0, or a negative errno, with a line
 * in why (QCOW2_WHY bytes) that continues after the name of a disk; the size is the old one then.
 */
int qcow2_grow(struct qcow2 *image, u64 size, char *why);

/* Returns whether it has snapshots that change with its backing file, if that is written. */
bool qcow2_has_snapshots(const struct qcow2 *image);

/*
 * Finds the next part from *offset on that is not the backing file's: 1, with *offset and *size; 0:
 * there is none; or a negative errno.
 */
int qcow2_next(struct qcow2 *image, u64 *offset, u64 *size);

/* Drops all that is not the backing file's, which has the same contents. 0 or a negative errno. */
int qcow2_empty(struct qcow2 *image);

/* Returns whether the tables in memory differ from the file's. qcow2_flush writes them. */
bool qcow2_changed(const struct qcow2 *image);

#endif
