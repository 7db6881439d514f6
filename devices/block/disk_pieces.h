/* SPDX-License-Identifier: MIT */
/* A list of pieces of memory (an iovec) that is read or filled from the front, step by step. */
#ifndef DEVICES_BLOCK_DISK_PIECES_H
#define DEVICES_BLOCK_DISK_PIECES_H

#include "bus/base.h"
#include <sys/uio.h>

#define PIECES_MAX 64 /* the most that pieces_take takes at a time */

struct pieces {
	struct iovec *iov; /* the part that is not consumed yet */
	unsigned count;
};

/* Returns the number of bytes in all pieces. */
u64 pieces_size(const struct pieces *pieces);

/* Takes at most `size` bytes off the front, in at most PIECES_MAX pieces; returns their number. */
u64 pieces_take(struct pieces *pieces, u64 size, struct iovec taken[PIECES_MAX], unsigned *count);

/*
 * Copies the next `size` bytes of the pieces to `data` if to_data, else from `data` to the pieces.
 * If data is NULL, it fills the pieces with zeros.
 */
void pieces_copy(struct pieces *pieces, u8 *data, u64 size, bool to_data);

/*
 * pieces_read fills the next `size` bytes of the pieces from a file, pieces_write writes them to
 * one. Bytes beyond the file's end are read as zeros. Return 0 or -errno.
 */
int pieces_read(struct pieces *pieces, int fd, u64 offset, u64 size);
int pieces_write(struct pieces *pieces, int fd, u64 offset, u64 size);

/* Writes zeros to a file, for file systems that cannot make holes. Returns 0 or -errno. */
int pieces_write_zeros(int fd, u64 offset, u64 size);

#endif
