/* SPDX-License-Identifier: MIT */
/*
 * A disk image, a file or a block device of the host, as 512-byte sectors: raw, or in the format
 * qcow2. Owns the descriptor and the locks that keep two machines, Baya's or QEMU's, from writing
 * one image. The contents are not machine state: a saved machine does not hold them.
 */
#ifndef DEVICES_BLOCK_DISK_H
#define DEVICES_BLOCK_DISK_H

#include "bus/base.h"
#include <sys/uio.h>

#define DISK_SECTOR 512

struct disk;

/* What becomes of an operation that fails. */
enum disk_on_error {
	DISK_REPORT, /* the caller hears of it */
	DISK_IGNORE, /* he does not: it is as if it had been done */
	DISK_STOP, /* it is to be tried again, when somebody has mended it */
	DISK_ENOSPC, /* that where the host's disk is full, or a quota of it; else the first */
};

/* What is done with zeros that are written. */
enum disk_zeroes { DISK_ZEROES_OFF, DISK_ZEROES_ON, DISK_ZEROES_UNMAP };

/* Of an operation, to be tried again later. */
#define DISK_WAIT 1

struct disk_failure {
	const char *operation; /* "read", "write", "flush", "discard" */
	int error; /* a negative errno */
	enum disk_on_error action; /* one of the first three */
	bool first; /* since disk_open, or since `failed` was cleared */
	bool closing; /* the image: none can try again */
};

/* What the sectors are of; the functions below say what these do. */
struct disk_ops {
	int (*read)(struct disk *disk, u64 offset, struct iovec *iov, unsigned count);
	int (*write)(struct disk *disk, u64 offset, struct iovec *iov, unsigned count);
	int (*flush)(struct disk *disk);
	int (*zero)(struct disk *disk, u64 offset, u64 size, bool unmap);
	void (*close)(struct disk *disk); /* all but the descriptor */
};

struct disk {
	int fd; /* -1: not open, or another disk's */
	const struct disk_ops *ops;
	u64 sectors;
	unsigned tail; /* bytes at the end that make no whole sector and are not offered */
	bool readonly;
	bool keeps_discarded; /* to discard is to do nothing */
	enum disk_zeroes zeroes;
	enum disk_on_error on_read, on_write; /* the second is of all but reads */
	bool failed; /* an operation has failed since disk_open */
	int error; /* of the last one that has; a negative errno */
	struct disk_copy *copy; /* read and written in place of the image; NULL: none */
	struct qcow2 *qcow2; /* NULL: raw */
	struct disk_overlay *overlay; /* where writes go; NULL: none */
	/* Called at each operation that fails. May be NULL. */
	void (*report)(void *ctx, const struct disk_failure *failure);
	void *report_ctx;
	/* The user's: what waits may be tried again. May be NULL. */
	void (*retry)(void *ctx);
	void *retry_ctx;
};

/*
 * 0, or: what open failed with (-ENOENT, -EACCES, -EROFS, ...); -EISDIR; -EINVAL neither a file
 * nor a block device; -ENODATA smaller than a sector; -EBUSY another machine writes it, or, to
 * write it, has it open. On error nothing is open.
 */
int disk_open(struct disk *disk, const char *path, bool readonly);
void disk_close(struct disk *disk);

/* Open, in another way perhaps, what a raw disk has open, with its locks. 0 or -errno. */
int disk_open_again(struct disk *disk, const struct disk *raw, bool readonly);

/*
 * The image just opened is one of the format qcow2, `depth` images above it having it as their
 * backing file. -EINVAL with a line in why (QCOW2_WHY bytes) when it cannot be used, or another
 * negative errno; the disk is to be closed then.
 */
int disk_use_qcow2(struct disk *disk, const char *path, unsigned depth, char *why);

/*
 * Nothing is lost when it is closed now: what is kept of the image in memory is in the file. 0 or
 * a negative errno.
 */
int disk_settle(struct disk *disk);

/* From now on it can be written, and all that is written is lost at disk_close. 0 or -errno. */
int disk_make_overlay(struct disk *disk);

/*
 * Of an image that was opened readonly: from now on it can be written, in a copy that is this
 * process's alone and lost at disk_close (disk_copy.h). 0 or a negative errno.
 */
int disk_make_copy(struct disk *disk);

/*
 * Read or write all pieces, in order, from byte `offset` on; the list is consumed. The range lies
 * within the sectors. 0, or a negative errno after some may have been moved; a file that has
 * become shorter is -EIO. These and the next two: or DISK_WAIT.
 */
int disk_read(struct disk *disk, u64 offset, struct iovec *iov, unsigned count);
int disk_write(struct disk *disk, u64 offset, struct iovec *iov, unsigned count);

/* A hash of the image as the file has it, whatever a copy holds. 0 or a negative errno. */
int disk_hash(const struct disk *disk, u64 *hash);

/* What was written is on the medium. */
int disk_flush(struct disk *disk);

/*
 * Make the range read as zeros; with `unmap` give the space back to the host where it can. Takes
 * time in proportion to `size` where the host's file system can do neither.
 */
int disk_zero(struct disk *disk, u64 offset, u64 size, bool unmap);

#endif
