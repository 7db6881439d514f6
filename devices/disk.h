/* SPDX-License-Identifier: MIT */
/*
 * A raw disk image, a file or a block device of the host, as 512-byte sectors. Owns the
 * descriptor and the lock that keeps two machines from writing one image. The contents are not
 * machine state: a saved machine does not hold them.
 */
#ifndef DEVICES_DISK_H
#define DEVICES_DISK_H

#include "bus/base.h"
#include <sys/uio.h>

#define DISK_SECTOR 512

struct disk {
	int fd;
	u64 sectors;
	unsigned tail; /* bytes at the end that make no whole sector and are not offered */
	bool readonly;
	bool failed; /* an operation has failed since disk_open */
	struct disk_copy *copy; /* read and written in place of the image; NULL: none */
	/*
	 * Called at the first operation that fails: what failed ("read", "write", "flush",
	 * "discard") and the negative errno. May be NULL.
	 */
	void (*report)(void *ctx, const char *operation, int error);
	void *report_ctx;
};

/*
 * 0, or: what open failed with (-ENOENT, -EACCES, -EROFS, ...); -EISDIR; -EINVAL neither a file
 * nor a block device; -ENODATA smaller than a sector; -EBUSY another machine writes it, or, to
 * write it, has it open. On error nothing is open.
 */
int disk_open(struct disk *disk, const char *path, bool readonly);
void disk_close(struct disk *disk);

/*
 * Of an image that was opened readonly: from now on it can be written, in a copy that is this
 * process's alone and lost at disk_close (disk_copy.h). 0 or a negative errno.
 */
int disk_make_copy(struct disk *disk);

/*
 * Read or write all pieces, in order, from byte `offset` on; the list is consumed. The range lies
 * within the sectors. 0, or a negative errno after some may have been moved; a file that has
 * become shorter is -EIO.
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
