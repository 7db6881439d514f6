/* SPDX-License-Identifier: MIT */
/*
 * A private copy of a disk image: a private mapping of the file, to which only this process writes.
 * The copy records which pages were written, and keeps what was overwritten since the last mark, so
 * that this can be undone. disk.c creates it.
 */
#ifndef DEVICES_BLOCK_DISK_COPY_H
#define DEVICES_BLOCK_DISK_COPY_H

#include "bus/base.h"
#include <sys/uio.h>

struct disk_copy;

/*
 * Makes a copy of the first `size` bytes of fd, which may be closed afterwards. Returns 0 or a
 * negative errno.
 */
int disk_copy_open(struct disk_copy **copy, int fd, u64 size);
void disk_copy_close(struct disk_copy *copy);

/* Read and write a range within the size. Return 0 or -ENOMEM. */
int disk_copy_read(struct disk_copy *copy, u64 offset, const struct iovec *iov, unsigned count);
int disk_copy_write(struct disk_copy *copy, u64 offset, const struct iovec *iov, unsigned count);
int disk_copy_zero(struct disk_copy *copy, u64 offset, u64 size);

/* disk_copy_mark makes the present contents those to which disk_copy_undo returns the copy. */
void disk_copy_mark(struct disk_copy *copy);
void disk_copy_undo(struct disk_copy *copy);

/*
 * Finds the first page at or after *offset that was written since the copy was made, even if the
 * write was undone. Sets *offset, and *piece to the page in the copy's memory. Returns false if
 * there is none.
 */
bool disk_copy_next(const struct disk_copy *copy, u64 *offset, struct iovec *piece);

/* Returns how many bytes of host memory are kept for an undo. */
u64 disk_copy_pending(const struct disk_copy *copy);

#endif
