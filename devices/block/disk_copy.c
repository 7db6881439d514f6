/* SPDX-License-Identifier: MIT */
/*
 * The private copy of a disk (see disk_copy.h) is a private mapping of the image: the host copies a
 * page of it when the page is first written.
 */
#include "devices/block/disk_copy.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* The bytes that a range had before it was written. */
struct change {
	u64 offset, size;
	u8 *old;
};

struct disk_copy {
	u8 *map;
	u64 size;
	u8 *written; /* for each page, whether it was written: 0 or 1 */
	struct change *changes;
	size_t count, room;
	u64 pending;
};

static u64 pages(u64 size)
{
	return (size + PAGE_SIZE - 1) >> PAGE_SHIFT;
}

int disk_copy_open(struct disk_copy **copy, int fd, u64 size)
{
	void *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, fd, 0);

	if (map == MAP_FAILED)
		return -errno;
	*copy = calloc(1, sizeof(**copy));
	if (*copy)
		(*copy)->written = calloc(pages(size), 1);
	if (!*copy || !(*copy)->written) {
		free(*copy);
		munmap(map, size);
		return -ENOMEM;
	}
	(*copy)->map = map;
	(*copy)->size = size;
	return 0;
}

void disk_copy_close(struct disk_copy *copy)
{
	disk_copy_mark(copy);
	free(copy->changes);
	free(copy->written);
	munmap(copy->map, copy->size);
	free(copy);
}

/* Saves the bytes of [offset, offset + size) before they are overwritten. */
static int keep(struct disk_copy *copy, u64 offset, u64 size)
{
	struct change *change;

	if (copy->count == copy->room) {
		size_t room = MAX(2 * copy->room, (size_t)64);
		struct change *changes = realloc(copy->changes, room * sizeof(*changes));

		if (!changes)
			return -ENOMEM;
		copy->changes = changes;
		copy->room = room;
	}
	change = &copy->changes[copy->count];
	*change = (struct change){ .offset = offset, .size = size, .old = malloc(size) };
	if (!change->old)
		return -ENOMEM;
	memcpy(change->old, copy->map + offset, size);
	copy->count++;
	copy->pending += size + sizeof(*change);
	memset(copy->written + (offset >> PAGE_SHIFT), 1,
	       pages(offset + size) - (offset >> PAGE_SHIFT));
	return 0;
}

int disk_copy_read(struct disk_copy *copy, u64 offset, const struct iovec *iov, unsigned count)
{
	for (unsigned n = 0; n < count; n++) {
		memcpy(iov[n].iov_base, copy->map + offset, iov[n].iov_len);
		offset += iov[n].iov_len;
	}
	return 0;
}

int disk_copy_write(struct disk_copy *copy, u64 offset, const struct iovec *iov, unsigned count)
{
	int error = 0;

	for (unsigned n = 0; n < count && !error; n++) {
		if (!iov[n].iov_len)
			continue;
		error = keep(copy, offset, iov[n].iov_len);
		if (error)
			break;
		memcpy(copy->map + offset, iov[n].iov_base, iov[n].iov_len);
		offset += iov[n].iov_len;
	}
	return error;
}

int disk_copy_zero(struct disk_copy *copy, u64 offset, u64 size)
{
	int error = size ? keep(copy, offset, size) : 0;

	if (!error && size)
		memset(copy->map + offset, 0, size);
	return error;
}

void disk_copy_mark(struct disk_copy *copy)
{
	while (copy->count)
		free(copy->changes[--copy->count].old);
	copy->pending = 0;
}

void disk_copy_undo(struct disk_copy *copy)
{
	for (size_t n = copy->count; n-- > 0;)
		memcpy(copy->map + copy->changes[n].offset, copy->changes[n].old,
		       copy->changes[n].size);
	disk_copy_mark(copy);
}

bool disk_copy_next(const struct disk_copy *copy, u64 *offset, struct iovec *piece)
{
	u64 from = *offset >> PAGE_SHIFT, count = pages(copy->size);
	const u8 *found = from < count ? memchr(copy->written + from, 1, count - from) : NULL;

	if (!found)
		return false;
	*offset = (u64)(found - copy->written) << PAGE_SHIFT;
	piece->iov_base = copy->map + *offset;
	piece->iov_len = MIN(PAGE_SIZE, copy->size - *offset);
	return true;
}

u64 disk_copy_pending(const struct disk_copy *copy)
{
	return copy->pending;
}
