/* SPDX-License-Identifier: MIT */
/*
 * A disk image, which is a file or a block device of the host, as 512-byte sectors. Its format is
 * raw or qcow2. The disk owns the descriptor, and the locks that keep two machines, Baya's or
 * QEMU's, from writing to one image. The contents are not machine state, so a saved machine does
 * not include them.
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
	DISK_STOP, /* the operation is retried when the user has removed the cause */
	DISK_ENOSPC, /* DISK_STOP if the host's disk is full, unless unattended; else DISK_REPORT */
};

/* How zeros are written (detect-zeroes): as other data, or by disk_zero without or with unmap. */
enum disk_zeroes { DISK_ZEROES_OFF, DISK_ZEROES_ON, DISK_ZEROES_UNMAP };

/* The result of an operation that is to be retried later. */
#define DISK_WAIT 1

struct disk_failure {
	const char *operation; /* "read", "write", "flush", "discard" */
	int error; /* a negative errno */
	enum disk_on_error action; /* one of the first three */
	bool first; /* the first, or first lasting, since disk_open or since `failed` was cleared */
	const char *folder; /* the overlay's folder, if the overlay's file failed; else NULL */
	bool closing; /* the image is being closed, so the operation cannot be retried */
	bool lasting; /* disk_is_broken */
};

/* The functions of a format. They implement the functions below of the same names. */
struct disk_ops {
	int (*read)(struct disk *disk, u64 offset, struct iovec *iov, unsigned count);
	int (*write)(struct disk *disk, u64 offset, struct iovec *iov, unsigned count);
	int (*flush)(struct disk *disk);
	int (*zero)(struct disk *disk, u64 offset, u64 size, bool unmap);
	int (*grow)(struct disk *disk, u64 size, char *why); /* NULL if the format cannot */
	void (*close)(struct disk *disk); /* frees everything except the descriptor */
};

struct disk {
	int fd; /* -1: not open, or owned by another disk */
	const struct disk_ops *ops;
	u64 sectors; /* the size; a raw file may have only a part of the last one */
	bool readonly;
	bool keeps_discarded; /* discarding has no effect */
	enum disk_zeroes zeroes;
	enum disk_on_error on_read, on_write; /* on_write is for all operations except reads */
	const bool *unattended; /* nobody could resume a stopped machine; NULL: somebody could */
	bool failed; /* an operation has failed since disk_open */
	bool lasting; /* as in the last disk_failure */
	bool unflushed; /* the disk was written to since the last flush */
	int error; /* the error of the last operation that failed; a negative errno */
	int sync_error; /* of a raw file; the argument of image_sync() */
	struct disk_counts counts;
	struct disk_copy *copy; /* used instead of the image; NULL: none */
	struct qcow2 *qcow2; /* NULL: raw */
	/* The image beneath this overlay, that is, its backing file; NULL: this is no overlay. */
	struct disk *base;
	/* Called at each operation that fails. May be NULL. */
	void (*report)(void *ctx, const struct disk_failure *failure);
	void *report_ctx;
	/* Called when the user lets waiting operations be retried. May be NULL. */
	void (*retry)(void *ctx);
	void (*grown)(void *ctx); /* called after a change of `sectors`; may be NULL */
	void *user; /* ctx of `retry` and `grown` */
};

/*
 * Opens and locks an image. Returns 0, open's error (-ENOENT, -EACCES, -EROFS, ...), -EISDIR,
 * -EINVAL if it is neither a file nor a block device, -ENODATA if it is empty, or -EBUSY if another
 * machine writes to it or, unless readonly, has it open. After an error nothing is open.
 */
int disk_open(struct disk *disk, const char *path, bool readonly);
void disk_close(struct disk *disk);

/*
 * Opens the file of a raw disk once more, by duplicating its descriptor, which shares its locks;
 * only `readonly` may differ. Returns 0 or -errno.
 */
int disk_open_again(struct disk *disk, const struct disk *raw, bool readonly);

/* Opens a readonly disk's file again, for writing, raw and without a lock. Returns 0 or -errno. */
int disk_open_writable(struct disk *disk, const struct disk *image);

/*
 * Makes a disk that was just opened use its file as a qcow2 image. `depth` is the number of images
 * above it in the chain of backing files. Returns 0, -EINVAL with a line in why (QCOW2_WHY bytes)
 * if it cannot be used, or another negative errno. After an error the caller closes the disk.
 */
int disk_use_qcow2(struct disk *disk, const char *path, unsigned depth, char *why);

/*
 * Flushes writes to the medium, so that a copy of the file has them and closing loses nothing.
 * Since the guest did not request this, as it requests disk_flush, a failure is only returned: 0 or
 * a negative errno.
 */
int disk_sync(struct disk *disk);
/* Returns whether all flushes fail, as it is not known since an error what is on the medium. */
bool disk_is_broken(const struct disk *disk);

/* Lets the disk be written, in an overlay that is lost at disk_close. Returns 0 or -errno. */
int disk_make_overlay(struct disk *disk);

/*
 * Lets a disk that was opened readonly be written, in a copy that is private to this process and
 * lost at disk_close (disk_copy.h). Returns 0 or a negative errno.
 */
int disk_make_copy(struct disk *disk);

/*
 * Read or write all pieces, in order, from byte `offset` on; the list is consumed. The range must
 * be within the disk. If a raw file ends within its last sector, zeros follow until that is
 * written. Return 0, -EIO if the file has become shorter, or another negative errno; some bytes may
 * have been transferred then. These functions, disk_flush and disk_zero may also return DISK_WAIT.
 */
int disk_read(struct disk *disk, u64 offset, struct iovec *iov, unsigned count);
int disk_write(struct disk *disk, u64 offset, struct iovec *iov, unsigned count);

/*
 * Enlarges the disk to `size` bytes, which must be whole sectors; the new part reads as zeros.
 * Returns 0, or a negative errno with a line in why (QCOW2_WHY bytes) that follows the name of a
 * disk in a message; the size is then unchanged.
 */
int disk_grow(struct disk *disk, u64 size, char *why);

/* Hashes the image in the file, without changes in a copy. Returns 0 or a negative errno. */
int disk_hash(const struct disk *disk, u64 *hash);

/* Flushes all writes to the medium, as the guest requests it. */
int disk_flush(struct disk *disk);

/*
 * Makes the range read as zeros. With `unmap` it gives the space back to the host if it can. If the
 * host's file system supports neither, this takes time proportional to `size`.
 */
int disk_zero(struct disk *disk, u64 offset, u64 size, bool unmap);

#endif
