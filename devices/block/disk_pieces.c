/* SPDX-License-Identifier: MIT */
/*
 * See disk_pieces.h. Reads and writes at given offsets, continuing after interrupted and partial
 * calls.
 */
#include "devices/block/disk_pieces.h"

#include <errno.h>
#include <string.h>

typedef ssize_t vector_io(int fd, const struct iovec *iov, int count, off_t offset);

u64 pieces_size(const struct pieces *pieces)
{
	u64 size = 0;

	for (unsigned n = 0; n < pieces->count; n++)
		size += pieces->iov[n].iov_len;
	return size;
}

u64 pieces_take(struct pieces *pieces, u64 size, struct iovec taken[PIECES_MAX], unsigned *count)
{
	u64 bytes = 0;

	for (*count = 0; bytes < size && *count < PIECES_MAX; ++*count) {
		struct iovec *from = pieces->iov;
		u64 part = MIN(from->iov_len, size - bytes);

		taken[*count] = (struct iovec){ from->iov_base, part };
		from->iov_base = (u8 *)from->iov_base + part;
		from->iov_len -= part;
		bytes += part;
		if (!from->iov_len) {
			pieces->iov++;
			pieces->count--;
		}
	}
	return bytes;
}

void pieces_copy(struct pieces *pieces, u8 *data, u64 size, bool to_data)
{
	struct iovec taken[PIECES_MAX];
	unsigned count;

	while (size) {
		size -= pieces_take(pieces, size, taken, &count);
		for (unsigned n = 0; n < count; n++) {
			if (!data)
				memset(taken[n].iov_base, 0, taken[n].iov_len);
			else if (to_data)
				memcpy(data, taken[n].iov_base, taken[n].iov_len);
			else
				memcpy(taken[n].iov_base, data, taken[n].iov_len);
			if (data)
				data += taken[n].iov_len;
		}
	}
}

/* Reads or writes all `size` bytes of these pieces, in as many calls as needed. */
static int move(struct pieces pieces, int fd, u64 offset, u64 size, vector_io *io)
{
	while (size) {
		ssize_t done = io(fd, pieces.iov, (int)pieces.count, (off_t)offset);
		struct iovec skipped[PIECES_MAX];
		unsigned count;

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0 || (!done && io == pwritev))
			return done ? -errno : -EIO;
		if (!done) {
			pieces_copy(&pieces, NULL, size, false);
			return 0;
		}
		offset += (u64)done;
		size -= (u64)done;
		pieces_take(&pieces, (u64)done, skipped, &count);
	}
	return 0;
}

static int move_all(struct pieces *pieces, int fd, u64 offset, u64 size, vector_io *io)
{
	int error = 0;

	while (!error && size) {
		struct iovec taken[PIECES_MAX];
		struct pieces now = { .iov = taken };
		u64 part = pieces_take(pieces, size, taken, &now.count);

		error = move(now, fd, offset, part, io);
		offset += part;
		size -= part;
	}
	return error;
}

int pieces_read(struct pieces *pieces, int fd, u64 offset, u64 size)
{
	return move_all(pieces, fd, offset, size, preadv);
}

int pieces_write(struct pieces *pieces, int fd, u64 offset, u64 size)
{
	return move_all(pieces, fd, offset, size, pwritev);
}

int pieces_write_zeros(int fd, u64 offset, u64 size)
{
	static const u8 zeros[64 * KiB];
	int error = 0;

	for (u64 done = 0, part; !error && done < size; done += part) {
		struct iovec iov = { .iov_base = (void *)(uintptr_t)zeros };
		struct pieces pieces = { &iov, 1 };

		iov.iov_len = part = MIN(size - done, sizeof(zeros));
		error = pieces_write(&pieces, fd, offset + done, part);
	}
	return error;
}
