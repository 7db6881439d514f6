/* SPDX-License-Identifier: MIT */
/*
 * Raw disk images on the host: open and lock, and positioned I/O that goes on after interrupted
 * and partial calls. An error goes to the caller, for the guest, and once to whoever asked to
 * hear of it, for the user. Knows nothing of requests.
 */
#include "devices/disk.h"

#include "bus/ram.h"
#include "bus/state.h"
#include "devices/disk_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <linux/fs.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

typedef ssize_t vector_io(int fd, const struct iovec *iov, int count, off_t offset);

/* The size in bytes of what fd is, or a negative errno. */
static s64 size_of(int fd)
{
	struct stat st;
	u64 size;

	if (fstat(fd, &st))
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	if (S_ISREG(st.st_mode))
		return st.st_size;
	if (!S_ISBLK(st.st_mode))
		return -EINVAL;
	return ioctl(fd, BLKGETSIZE64, &size) ? -errno : (s64)size;
}

/* One writer or any number of readers; a file system without locks is used without. */
static int lock(int fd, bool readonly)
{
	int error;

	do
		error = flock(fd, (readonly ? LOCK_SH : LOCK_EX) | LOCK_NB) ? errno : 0;
	while (error == EINTR);
	return error == EWOULDBLOCK ? -EBUSY : 0;
}

int disk_open(struct disk *disk, const char *path, bool readonly)
{
	/* O_NONBLOCK: a FIFO given by mistake must not hang here; it means nothing for disks. */
	int flags = (readonly ? O_RDONLY : O_RDWR) | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
	int fd = open(path, flags);
	s64 size;
	int error;

	if (fd < 0)
		return -errno;
	size = size_of(fd);
	error = size < 0 ? (int)size : size < DISK_SECTOR ? -ENODATA : lock(fd, readonly);
	if (error) {
		close(fd);
		return error;
	}
	*disk = (struct disk){
		.fd = fd,
		.sectors = (u64)size / DISK_SECTOR,
		.tail = (u64)size % DISK_SECTOR,
		.readonly = readonly,
	};
	return 0;
}

int disk_make_copy(struct disk *disk)
{
	return disk_copy_open(&disk->copy, disk->fd, disk->sectors * DISK_SECTOR);
}

void disk_close(struct disk *disk)
{
	if (disk->copy)
		disk_copy_close(disk->copy);
	disk->copy = NULL;
	close(disk->fd);
	disk->fd = -1;
}

static int outcome(struct disk *disk, const char *operation, int error)
{
	if (error && !disk->failed) {
		disk->failed = true;
		if (disk->report)
			disk->report(disk->report_ctx, operation, error);
	}
	return error;
}

/* Drop `done` bytes from the front of the list. */
static void advance(struct iovec **iov, unsigned *count, size_t done)
{
	while (*count && done >= (*iov)->iov_len) {
		done -= (*iov)->iov_len;
		(*iov)++;
		(*count)--;
	}
	if (*count) {
		(*iov)->iov_base = (u8 *)(*iov)->iov_base + done;
		(*iov)->iov_len -= done;
	}
}

static int move(int fd, u64 offset, struct iovec *iov, unsigned count, vector_io *io)
{
	while (count) {
		ssize_t done = io(fd, iov, (int)MIN(count, 1024u), (off_t)offset);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -errno;
		if (!done)
			return -EIO;
		offset += (u64)done;
		advance(&iov, &count, (size_t)done);
	}
	return 0;
}

int disk_read(struct disk *disk, u64 offset, struct iovec *iov, unsigned count)
{
	if (disk->copy)
		return outcome(disk, "read", disk_copy_read(disk->copy, offset, iov, count));
	return outcome(disk, "read", move(disk->fd, offset, iov, count, preadv));
}

int disk_write(struct disk *disk, u64 offset, struct iovec *iov, unsigned count)
{
	if (disk->copy)
		return outcome(disk, "write", disk_copy_write(disk->copy, offset, iov, count));
	return outcome(disk, "write", move(disk->fd, offset, iov, count, pwritev));
}

/* A piece of the image, of whole pages but for the last one; pages of zeros count as absent. */
static int hash_piece(const struct disk *disk, u64 offset, u64 size, u64 *hash)
{
	static_assert(DISK_SECTOR % 32 == 0, "ram_is_zero takes a last page of sectors");
	u8 data[64 * KiB];
	struct iovec iov = { .iov_base = data, .iov_len = size };
	int error = move(disk->fd, offset, &iov, 1, preadv);

	for (u64 at = 0; at < size && !error; at += PAGE_SIZE) {
		u64 part = MIN(PAGE_SIZE, size - at), where = offset + at;

		if (ram_is_zero(data + at, part))
			continue;
		*hash = state_hash_bytes(*hash, &where, sizeof(where));
		*hash = state_hash_bytes(*hash, data + at, part);
	}
	return error;
}

int disk_hash(const struct disk *disk, u64 *hash)
{
	u64 size = disk->sectors * DISK_SECTOR, part;
	int error = 0;

	*hash = state_hash_bytes(0, &size, sizeof(size));
	for (u64 at = 0; at < size && !error; at += part) {
		off_t data = lseek(disk->fd, (off_t)at, SEEK_DATA);

		if (data < 0 && errno == ENXIO)
			break;
		/* What cannot tell holes is all data. */
		at = data < 0 ? at : align_down((u64)data, PAGE_SIZE);
		if (at >= size)
			break;
		part = MIN(size - at, 64 * KiB);
		error = hash_piece(disk, at, part, hash);
	}
	return error;
}

int disk_flush(struct disk *disk)
{
	int error;

	if (disk->copy)
		return 0;
	do
		error = fdatasync(disk->fd) ? -errno : 0;
	while (error == -EINTR);
	return outcome(disk, "flush", error);
}

static int allocate(struct disk *disk, int mode, u64 offset, u64 size)
{
	int error;

	do
		error = fallocate(disk->fd, mode | FALLOC_FL_KEEP_SIZE, (off_t)offset, (off_t)size)
				? -errno
				: 0;
	while (error == -EINTR);
	return error;
}

static int write_zeros(struct disk *disk, u64 offset, u64 size)
{
	static const u8 zeros[64 * KiB];
	int error = 0;

	for (u64 done = 0, part; !error && done < size; done += part) {
		struct iovec iov = { .iov_base = (void *)(uintptr_t)zeros };

		iov.iov_len = part = MIN(size - done, sizeof(zeros));
		error = move(disk->fd, offset + done, &iov, 1, pwritev);
	}
	return error;
}

int disk_zero(struct disk *disk, u64 offset, u64 size, bool unmap)
{
	int mode = unmap ? FALLOC_FL_PUNCH_HOLE : FALLOC_FL_ZERO_RANGE;
	int error;

	if (disk->copy)
		return outcome(disk, "discard", disk_copy_zero(disk->copy, offset, size));
	error = size ? allocate(disk, mode, offset, size) : 0;
	if (error == -EOPNOTSUPP || error == -ENOSYS)
		error = write_zeros(disk, offset, size);
	return outcome(disk, unmap ? "discard" : "write", error);
}
