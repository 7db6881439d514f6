/* SPDX-License-Identifier: MIT */
/*
 * The overlay of a disk: a sparse file of the disk's size, and a bit for each block, which is set
 * when the block is written.
 */
#include "devices/block/disk_overlay.h"

#include "devices/block/disk.h"
#include "devices/block/disk_pieces.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BLOCK PAGE_SIZE

struct disk_overlay {
	struct disk base;
	int fd;
	u64 size;
	u8 *written; /* a bit for each block */
};

const char *disk_overlay_folder(void)
{
	const char *folder = getenv("TMPDIR");

	return folder && *folder ? folder : "/var/tmp";
}

/*
 * Creates the file and deletes its name at once. (Not every file system supports O_TMPFILE.)
 * Returns the file's descriptor or -errno.
 */
static int create_file(void)
{
	char *path;
	int fd;

	if (asprintf(&path, "%s/baya.XXXXXX", disk_overlay_folder()) < 0)
		return -ENOMEM;
	fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		fd = -errno;
	else
		unlink(path);
	free(path);
	return fd;
}

int disk_overlay_open(struct disk_overlay **overlay, const struct disk *base)
{
	u64 size = base->sectors * DISK_SECTOR;
	int fd = create_file();

	if (fd < 0)
		return fd;
	*overlay = calloc(1, sizeof(**overlay));
	if (*overlay)
		(*overlay)->written = calloc(size / BLOCK / 8 + 1, 1);
	if (!*overlay || !(*overlay)->written) {
		free(*overlay);
		close(fd);
		return -ENOMEM;
	}
	(*overlay)->base = *base;
	(*overlay)->fd = fd;
	(*overlay)->size = size;
	return 0;
}

void disk_overlay_close(struct disk_overlay *overlay)
{
	disk_close(&overlay->base);
	close(overlay->fd);
	free(overlay->written);
	free(overlay);
}

bool disk_overlay_failed(struct disk_overlay *overlay)
{
	bool below = overlay->base.failed;

	overlay->base.failed = false;
	return !below;
}

static bool is_written(const struct disk_overlay *overlay, u64 block)
{
	return overlay->written[block / 8] & BIT(block % 8);
}

/*
 * Returns how many of the `size` bytes at `offset` are together in the overlay, or together outside
 * it.
 */
static u64 overlay_run(const struct disk_overlay *overlay, u64 offset, u64 size)
{
	u64 block = offset / BLOCK, end = (block + 1) * BLOCK;

	while (end < offset + size &&
	       is_written(overlay, end / BLOCK) == is_written(overlay, block))
		end += BLOCK;
	return MIN(size, end - offset);
}

struct disk *disk_overlay_base(struct disk_overlay *overlay)
{
	return &overlay->base;
}

int disk_overlay_next(const struct disk_overlay *overlay, u64 *offset, u64 *size)
{
	for (; *offset < overlay->size; *offset += *size) {
		*size = overlay_run(overlay, *offset, overlay->size - *offset);
		if (is_written(overlay, *offset / BLOCK))
			return 1;
	}
	return 0;
}

int disk_overlay_empty(struct disk_overlay *overlay)
{
	memset(overlay->written, 0, overlay->size / BLOCK / 8 + 1);
	return ftruncate(overlay->fd, 0) ? -errno : 0;
}

static int read_base(struct disk_overlay *overlay, struct pieces *pieces, u64 offset, u64 size)
{
	int error = 0;

	for (u64 done = 0, part; !error && done < size; done += part) {
		struct iovec iov[PIECES_MAX];
		unsigned count;

		part = pieces_take(pieces, size - done, iov, &count);
		error = disk_read(&overlay->base, offset + done, iov, count);
	}
	return error;
}

int disk_overlay_read(struct disk_overlay *overlay, u64 offset, struct iovec *iov, unsigned count)
{
	struct pieces pieces = { iov, count };
	u64 size = pieces_size(&pieces);
	int error = 0;

	for (u64 part; !error && size; offset += part, size -= part) {
		part = overlay_run(overlay, offset, size);
		error = is_written(overlay, offset / BLOCK) ?
				pieces_read(&pieces, overlay->fd, offset, part) :
				read_base(overlay, &pieces, offset, part);
	}
	return error;
}

/* Copies the block at `offset` into the overlay, because only a part of it will be written. */
static int overlay_fetch(struct disk_overlay *overlay, u64 offset)
{
	u64 start = align_down(offset, BLOCK);
	u8 data[BLOCK];
	struct iovec iov = { data, MIN(BLOCK, overlay->size - start) }, again = iov;
	struct pieces pieces = { &again, 1 };
	int error;

	if (start == offset || is_written(overlay, start / BLOCK))
		return 0;
	error = disk_read(&overlay->base, start, &iov, 1);
	if (!error)
		error = pieces_write(&pieces, overlay->fd, start, again.iov_len);
	if (!error)
		overlay->written[start / BLOCK / 8] |= (u8)BIT(start / BLOCK % 8);
	return error;
}

/* Copies the partial blocks at both ends of a range that will be written. */
static int fetch_ends(struct disk_overlay *overlay, u64 offset, u64 size)
{
	int error = overlay_fetch(overlay, offset);

	if (!error && offset + size < overlay->size)
		error = overlay_fetch(overlay, offset + size);
	return error;
}

static void set_written(struct disk_overlay *overlay, u64 offset, u64 size)
{
	for (u64 block = offset / BLOCK; block * BLOCK < offset + size; block++)
		overlay->written[block / 8] |= (u8)BIT(block % 8);
}

int disk_overlay_write(struct disk_overlay *overlay, u64 offset, struct iovec *iov, unsigned count)
{
	struct pieces pieces = { iov, count };
	u64 size = pieces_size(&pieces);
	int error = size ? fetch_ends(overlay, offset, size) : 0;

	if (!error)
		error = pieces_write(&pieces, overlay->fd, offset, size);
	if (!error)
		set_written(overlay, offset, size);
	return error;
}

int disk_overlay_zero(struct disk_overlay *overlay, u64 offset, u64 size)
{
	int error = size ? fetch_ends(overlay, offset, size) : 0;

	/* Make a hole: it reads as zeros, also beyond the present end of the file. */
	if (!error && size &&
	    fallocate(overlay->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)offset,
		      (off_t)size))
		error = -errno;
	if (error == -EOPNOTSUPP || error == -ENOSYS)
		error = pieces_write_zeros(overlay->fd, offset, size);
	if (!error)
		set_written(overlay, offset, size);
	return error;
}
