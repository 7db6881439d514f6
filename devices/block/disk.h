/* SPDX-License-Identifier: MIT */
/*
 * A disk image, which is a file or a block device of the host, as 512-byte sectors. Its format is
 * raw or qcow2. It owns the descriptor, and the locks that keep two machines, Baya's or QEMU's,
 * from writing one image. The contents are not machine state, and a saved machine does not have
 * them.
 */
#ifndef DEVICES_BLOCK_DISK_H
#define DEVICES_BLOCK_DISK_H

#include "devices/block/disk_counts.h"
#include <sys/uio.h>

#define DISK_SECTOR 512

struct disk;

/* The reaction to an operation that fails. */
enum disk_on_error {
	DISK_REPORT, /* the error goes to the caller */
	DISK_IGNORE, /* success is reported, although nothing was done */
	DISK_STOP, /* the operation is tried again when the user has repaired the cause */
	DISK_ENOSPC, /* DISK_STOP when the host's disk is full, or a quota is; else DISK_REPORT */
};

/* The ways of carrying out writes of zeros. */
enum disk_zeroes { DISK_ZEROES_OFF, DISK_ZEROES_ON, DISK_ZEROES_UNMAP };

/* Result of an operation that is to be tried again later. */
#define DISK_WAIT 1

struct disk_failure {
	const char *operation; /* "read", "write", "flush", "discard" */
	int error; /* a negative errno */
	enum disk_on_error action; /* one of the first three */
	bool first; /* the first since disk_open, or since `failed` was cleared */
	const char *folder; /* that of the overlay, if it is its file that failed; else NULL */
	bool closing; /* the image is being closed: the operation cannot be tried again */
};

/* The functions of a format, which do what the functions of these names below do. */
struct disk_ops {
	int (*read)(struct disk *disk, u64 offset, struct iovec *iov, unsigned count);
	int (*write)(struct disk *disk, u64 offset, struct iovec *iov, unsigned count);
	int (*flush)(struct disk *disk);
	int (*zero)(struct disk *disk, u64 offset, u64 size, bool unmap);
	int (*grow)(struct disk *disk, u64 size, char *why); /* NULL: it cannot */
	void (*close)(struct disk *disk); /* frees everything except the descriptor */
};

struct disk {
	int fd; /* -1: not open, or owned by another disk */
	const struct disk_ops *ops;
	u64 sectors; /* the size; in a raw file the last one may be there in part */
	bool readonly;
	bool keeps_discarded; /* discarding has no effect */
	enum disk_zeroes zeroes;
	enum disk_on_error on_read, on_write; /* on_write is for all operations except reads */
	bool failed; /* an operation has failed since disk_open */
	bool unflushed; /* it was written to since the last flush */
	int error; /* the error of the last operation that failed; a negative errno */
	struct disk_counts counts;
	struct disk_copy *copy; /* used in place of the image; NULL: none */
	struct qcow2 *qcow2; /* NULL: raw */
	/* The image beneath this overlay, which is its backing file; NULL: this is none. */
	struct disk *base;
	/* Called at each operation that fails. May be NULL. */
	void (*report)(void *ctx, const struct disk_failure *failure);
	void *report_ctx;
	/* Called when the user lets waiting operations be tried again. May be NULL. */
	void (*retry)(void *ctx);
	/* Called after a change of the number of sectors. May be NULL. */
	void (*grown)(void *ctx);
	void *user; /* ctx of `retry` and `grown` */
};

/*
 * Opens and locks an image. Returns 0, open's error (-ENOENT, -EACCES, -EROFS, ...), -EISDIR,
 * -EINVAL if it is neither a file nor a block device, -ENODATA if it is empty, or -EBUSY if another
 * machine writes it or, when it is to be written, has it open. After an error nothing is open.
 */
int disk_open(struct disk *disk, const char *path, bool readonly);
void disk_close(struct disk *disk);

/*
 * Opens the file that a raw disk has open, perhaps with other rights, with its own locks. 0 or
 * -errno.
 */
int disk_open_again(struct disk *disk, const struct disk *raw, bool readonly);

/*
 * Opens the file of an image that was opened to be read, to be written: raw, and without a lock of
 * its own. 0 or -errno.
 */
int disk_open_writable(struct disk *disk, const struct disk *image);

/*
 * Uses the image that was just opened as a qcow2 image; `depth` is the number of images above it in
 * the chain of backing files. Returns 0, -EINVAL with a line in why (QCOW2_WHY bytes) if it cannot
 * be used, or another negative errno. After an error the caller closes the disk.
 */
int disk_use_qcow2(struct disk *disk, const char *path, unsigned depth, char *why);

/*
 * Puts all writes onto the medium that are not there yet, so that a copy of the file has them and
 * closing loses nothing. The guest did not ask for this, as it does for disk_flush, so a failure is
 * only returned: 0 or a negative errno.
 */
int disk_settle(struct disk *disk);

/* Lets the disk be written from now on; all writes are lost at disk_close. 0 or -errno. */
int disk_make_overlay(struct disk *disk);

/*
 * Lets an image that was opened readonly be written from now on, in a copy that belongs to this
 * process alone and is lost at disk_close (disk_copy.h). 0 or a negative errno.
 */
int disk_make_copy(struct disk *disk);

/*
 * Read or write all pieces, in order, from byte `offset` on; the list is consumed. The range must
 * lie within the sectors. If a raw file ends within its last sector, zeros follow until that is
 * written. Return 0, -EIO if the file has become shorter, or another negative errno; some bytes may
 * have been moved then. These functions, disk_flush and disk_zero may also return DISK_WAIT.
 */
int disk_read(struct disk *disk, u64 offset, struct iovec *iov, unsigned count);
int disk_write(struct disk *disk, u64 offset, struct iovec *iov, unsigned count);

/*
 * Makes the disk larger, to `size` bytes, whole sectors; the new part reads as zeros. Returns 0, or
 * a negative errno with a line in why (QCOW2_WHY bytes) that continues after the name of a disk;
 * the size is then unchanged.
 */
int disk_grow(struct disk *disk, u64 size, char *why);

/* Hashes the image as it is in the file, without changes in a copy. 0 or a negative errno. */
int disk_hash(const struct disk *disk, u64 *hash);

/* Puts all writes onto the medium. */
int disk_flush(struct disk *disk);

/*
 * Makes the range read as zeros. With `unmap` it gives the space back to the host if it can. If the
 * host's file system can do neither, this takes time in proportion to `size`.
 */
int disk_zero(struct disk *disk, u64 offset, u64 size, bool unmap);

#endif
