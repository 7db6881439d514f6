/* SPDX-License-Identifier: MIT */
/* A list of pieces of memory that is read or filled from the front, as far as it has come. */
#ifndef DEVICES_BLOCK_DISK_PIECES_H
#define DEVICES_BLOCK_DISK_PIECES_H

#include "bus/base.h"
#include <sys/uio.h>

#define PIECES_MAX 64 /* that are taken at a time */

struct pieces {
	struct iovec *iov; /* consumed */
	unsigned count;
};

/* Bytes in all of them. */
u64 pieces_size(const struct pieces *pieces);

/* At most `size` bytes off the front, in at most PIECES_MAX pieces; how many bytes. */
u64 pieces_take(struct pieces *pieces, u64 size, struct iovec taken[PIECES_MAX], unsigned *count);

/* The next `size` bytes from data, to data, or (data NULL) zeros. */
void pieces_copy(struct pieces *pieces, u8 *data, u64 size, bool to_data);

/* The next `size` bytes from or to a file. What is behind its end is zeros. 0 or -errno. */
int pieces_read(struct pieces *pieces, int fd, u64 offset, u64 size);
int pieces_write(struct pieces *pieces, int fd, u64 offset, u64 size);

#endif
