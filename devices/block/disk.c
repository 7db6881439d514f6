/* SPDX-License-Identifier: MIT */
/*
 * Raw disk images on the host: opens them, and reads and writes at given offsets, continuing after
 * interrupted and partial calls. An error is returned to the caller, for the guest, and reported
 * once through `report`, for the user. Knows nothing of virtio requests.
 */
#include "devices/block/disk.h"

#include "bus/clock.h"
#include "bus/ram.h"
#include "bus/state.h"
#include "devices/block/disk_copy.h"
#include "devices/block/disk_overlay.h"
#include "devices/block/disk_pieces.h"
#include "devices/block/image_lock.h"
#include "devices/block/image_sync.h"
#include "devices/block/qcow2.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <string.h>
#include <unistd.h>

typedef ssize_t vector_io(int fd, const struct iovec *iov, int count, off_t offset);

/* Returns the size in bytes of the file or device, or a negative errno. */
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

static enum disk_on_error action_of(const struct disk *disk, enum disk_on_error policy, int error)
{
	bool full = error == -ENOSPC || error == -EDQUOT;

	if (policy != DISK_ENOSPC)
		return policy;
	return full && !(disk->unattended && *disk->unattended) ? DISK_STOP : DISK_REPORT;
}

static u64 iov_size(struct iovec *iov, unsigned count)
{
	return pieces_size(&(struct pieces){ iov, count });
}

bool disk_is_broken(const struct disk *disk)
{
	return disk->qcow2 ? qcow2_is_broken(disk->qcow2) : disk->sync_error;
}

/* An operation in progress. */
struct operation {
	enum disk_count kind;
	u64 bytes, begun;
};

static struct operation begin(enum disk_count kind, u64 bytes)
{
	return (struct operation){ kind, bytes, clock_host_ns() };
}

/* Counts an operation that has succeeded. */
static void count(struct disk_counts *counts, const struct operation *operation)
{
	counts->last = clock_host_ns();
	counts->of[operation->kind].operations++;
	counts->of[operation->kind].bytes += operation->bytes;
	counts->of[operation->kind].ns += counts->last - operation->begun;
}

static int outcome(struct disk *disk, const struct operation *operation, int error)
{
	static const char *const names[DISK_COUNTS] = {
		[DISK_READ] = "read", [DISK_WRITE] = "write",
		[DISK_FLUSH] = "flush", [DISK_UNMAP] = "discard",
	};
	struct disk_failure failure = {
		.operation = names[operation->kind],
		.error = error,
		.action = action_of(
			disk, operation->kind == DISK_READ ? disk->on_read : disk->on_write, error),
		.lasting = disk_is_broken(disk),
	};

	if (!error) {
		count(&disk->counts, operation);
		return 0;
	}
	if (disk->base && disk_overlay_failed(disk))
		failure.folder = disk_overlay_folder();
	failure.first = !disk->failed || (failure.lasting && !disk->lasting);
	disk->failed = true;
	disk->lasting = failure.lasting;
	disk->error = error;
	if (disk->report)
		disk->report(disk->report_ctx, &failure);
	return failure.action == DISK_STOP ? DISK_WAIT : failure.action == DISK_IGNORE ? 0 : error;
}

/* Removes `done` bytes from the beginning of the list. */
static void advance(struct pieces *pieces, size_t done)
{
	while (pieces->count && done >= pieces->iov->iov_len) {
		done -= pieces->iov->iov_len;
		pieces->iov++;
		pieces->count--;
	}
	if (pieces->count) {
		pieces->iov->iov_base = (u8 *)pieces->iov->iov_base + done;
		pieces->iov->iov_len -= done;
	}
}

/*
 * Reads or writes all pieces. A read stops at the end of the file; the bytes after it remain in the
 * list.
 */
static int move(int fd, u64 offset, struct pieces *pieces, vector_io *io)
{
	while (pieces->count) {
		ssize_t done = io(fd, pieces->iov, (int)MIN(pieces->count, 1024u), (off_t)offset);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return done ? -errno : 0;
		offset += (u64)done;
		advance(pieces, (size_t)done);
	}
	return 0;
}

/*
 * Reads the file. If it ends within the last sector, the rest of that sector reads as zeros, as in
 * QEMU.
 */
static int read_file(const struct disk *disk, u64 offset, struct iovec *iov, unsigned count)
{
	struct pieces pieces = { iov, count };
	u64 end = offset + pieces_size(&pieces), missing;
	int error = move(disk->fd, offset, &pieces, preadv);

	missing = pieces_size(&pieces);
	if (error || !missing)
		return error;
	if (end != disk->sectors * DISK_SECTOR || missing >= DISK_SECTOR)
		return -EIO;
	pieces_copy(&pieces, NULL, missing, false);
	return 0;
}

static int raw_read(struct disk *disk, u64 offset, struct iovec *iov, unsigned count)
{
	return read_file(disk, offset, iov, count);
}

static int raw_write(struct disk *disk, u64 offset, struct iovec *iov, unsigned count)
{
	struct pieces pieces = { iov, count };
	int error = move(disk->fd, offset, &pieces, pwritev);

	return !error && pieces_size(&pieces) ? -EIO : error;
}

/*
 * Hashes a piece of the image, which consists of whole pages except perhaps the last one. Pages of
 * zeros are skipped, as if they were holes.
 */
static int hash_piece(const struct disk *disk, u64 offset, u64 size, u64 *hash)
{
	static_assert(DISK_SECTOR % 32 == 0, "ram_is_zero takes a last page of sectors");
	u8 data[64 * KiB];
	struct iovec iov = { .iov_base = data, .iov_len = size };
	int error = read_file(disk, offset, &iov, 1);

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
		/* A file system that does not know its holes reports everything as data. */
		at = data < 0 ? at : align_down((u64)data, PAGE_SIZE);
		if (at >= size)
			break;
		part = MIN(size - at, 64 * KiB);
		error = hash_piece(disk, at, part, hash);
	}
	return error;
}

static int raw_flush(struct disk *disk)
{
	return image_sync(disk->fd, &disk->sync_error);
}

static int allocate(struct disk *disk, int mode, u64 offset, u64 size)
{
	int error;

	do
		error = fallocate(disk->fd, mode | FALLOC_FL_KEEP_SIZE, (off_t)offset,
				  (off_t)size) ?
				-errno :
				0;
	while (error == -EINTR);
	return error;
}

static int raw_zero(struct disk *disk, u64 offset, u64 size, bool unmap)
{
	int mode = unmap ? FALLOC_FL_PUNCH_HOLE : FALLOC_FL_ZERO_RANGE;
	int error = size ? allocate(disk, mode, offset, size) : 0;

	if (error == -EOPNOTSUPP || error == -ENOSYS)
		error = pieces_write_zeros(disk->fd, offset, size);
	return error;
}

static void raw_close(struct disk *disk)
{
	(void)disk;
}

static int refuse_size(char *why, int error, const char *text)
{
	snprintf(why, QCOW2_WHY, "%s", text);
	return error;
}

static int raw_grow(struct disk *disk, u64 size, char *why)
{
	struct stat st;

	if (fstat(disk->fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return refuse_size(why, -ENOTSUP, "is a device, whose size is the host's");
	if (size < (u64)st.st_size)
		return refuse_size(why, -EINVAL, "can only become larger");
	return ftruncate(disk->fd, (off_t)size) ? -errno : 0;
}

static const struct disk_ops raw_ops = {
	.read = raw_read, .write = raw_write, .flush = raw_flush, .zero = raw_zero,
	.grow = raw_grow, .close = raw_close,
};

static int copy_read(struct disk *disk, u64 offset, struct iovec *iov, unsigned count)
{
	return disk_copy_read(disk->copy, offset, iov, count);
}

static int copy_write(struct disk *disk, u64 offset, struct iovec *iov, unsigned count)
{
	return disk_copy_write(disk->copy, offset, iov, count);
}

static int copy_zero(struct disk *disk, u64 offset, u64 size, bool unmap)
{
	(void)unmap;
	return disk_copy_zero(disk->copy, offset, size);
}

/* Does nothing: a copy is lost at the end, so its bytes need not reach the medium. */
static int flush_nothing(struct disk *disk)
{
	(void)disk;
	return 0;
}

static void copy_close(struct disk *disk)
{
	disk_copy_close(disk->copy);
	disk->copy = NULL;
}

static const struct disk_ops copy_ops = {
	.read = copy_read, .write = copy_write, .flush = flush_nothing, .zero = copy_zero,
	.close = copy_close,
};

static int image_read(struct disk *disk, u64 offset, struct iovec *iov, unsigned count)
{
	return qcow2_read(disk->qcow2, offset, iov, count);
}

static int image_write(struct disk *disk, u64 offset, struct iovec *iov, unsigned count)
{
	return qcow2_write(disk->qcow2, offset, iov, count);
}

static int image_zero(struct disk *disk, u64 offset, u64 size, bool unmap)
{
	(void)unmap;
	return qcow2_zero(disk->qcow2, offset, size);
}

static int image_flush(struct disk *disk)
{
	return qcow2_flush(disk->qcow2);
}

static void image_close(struct disk *disk)
{
	struct disk_failure failure = { .operation = "flush", .error = disk_sync(disk),
					.action = DISK_REPORT, .closing = true };

	if (failure.error && disk->report)
		disk->report(disk->report_ctx, &failure);
	qcow2_close(disk->qcow2);
	disk->qcow2 = NULL;
}

static int image_grow(struct disk *disk, u64 size, char *why)
{
	return qcow2_grow(disk->qcow2, size, why);
}

static const struct disk_ops qcow2_ops = {
	.read = image_read, .write = image_write, .flush = image_flush, .zero = image_zero,
	.grow = image_grow, .close = image_close,
};

static int flush_all(struct disk *disk)
{
	int error = disk->ops->flush(disk);

	if (!error)
		disk->unflushed = false;
	return error;
}

int disk_sync(struct disk *disk)
{
	/*
	 * Changed tables count as well: a snapshot changes tables, too, and may have failed midway.
	 */
	bool behind = disk->unflushed || (disk->qcow2 && qcow2_changed(disk->qcow2));

	return behind ? flush_all(disk) : 0;
}

static const struct disk_ops overlay_ops = {
	.read = image_read, .write = image_write, .flush = image_flush, .zero = image_zero,
	.close = image_close,
};

/* Makes an open file a raw disk. */
static void use_file(struct disk *disk, int fd, u64 size, bool readonly)
{
	*disk = (struct disk){
		.fd = fd,
		.ops = &raw_ops,
		.sectors = align_up(size, DISK_SECTOR) / DISK_SECTOR,
		.readonly = readonly,
	};
}

int disk_open(struct disk *disk, const char *path, bool readonly)
{
	/*
	 * O_NONBLOCK has no effect on disks; without it, opening a FIFO given by mistake would
	 * block.
	 */
	int flags = (readonly ? O_RDONLY : O_RDWR) | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
	int fd = open(path, flags);
	s64 size;
	int error;

	if (fd < 0)
		return -errno;
	size = size_of(fd);
	error = size < 0 ? (int)size : !size ? -ENODATA : image_lock(fd, readonly);
	if (error) {
		close(fd);
		return error;
	}
	use_file(disk, fd, (u64)size, readonly);
	return 0;
}

int disk_open_again(struct disk *disk, const struct disk *raw, bool readonly)
{
	int fd = fcntl(raw->fd, F_DUPFD_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	use_file(disk, fd, raw->sectors * DISK_SECTOR, readonly);
	return 0;
}

int disk_open_writable(struct disk *disk, const struct disk *image)
{
	char path[32];
	s64 size;
	int fd;

	/* The path by which it was opened may belong to another file by now. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", image->fd);
	fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	size = size_of(fd);
	if (size < 0) {
		close(fd);
		return (int)size;
	}
	use_file(disk, fd, (u64)size, false);
	return 0;
}

int disk_make_copy(struct disk *disk)
{
	int error = disk_copy_open(&disk->copy, disk->fd, disk->sectors * DISK_SECTOR);

	if (!error)
		disk->ops = &copy_ops;
	return error;
}

int disk_use_qcow2(struct disk *disk, const char *path, unsigned depth, char *why)
{
	const struct qcow2_source source = { path, disk->fd, disk->readonly, depth, why };
	int error = qcow2_open(&disk->qcow2, &source);

	if (error)
		return error;
	disk->ops = &qcow2_ops;
	disk->sectors = qcow2_size(disk->qcow2) / DISK_SECTOR;
	return disk->sectors ? 0 : -ENODATA;
}

/* Opens a new overlay over a disk, which it borrows. */
static int open_overlay(struct disk *over, struct disk *base)
{
	const u64 size = base->sectors * DISK_SECTOR;
	int fd = disk_overlay_create(size), error;
	char why[QCOW2_WHY];

	if (fd < 0)
		return fd;
	use_file(over, fd, size, false);
	error = disk_use_qcow2(over, disk_overlay_folder(), 0, why);
	if (!error) {
		qcow2_put_over(over->qcow2, base);
		error = qcow2_inherit(over->qcow2);
	}
	if (error && over->qcow2)
		qcow2_put_over(over->qcow2, NULL);
	if (error)
		disk_close(over);
	return error;
}

int disk_make_overlay(struct disk *disk)
{
	int error = disk->qcow2 ? qcow2_read_snapshots(disk->qcow2) : 0;
	struct disk over, *base = error ? NULL : malloc(sizeof(*base));

	if (base) {
		*base = *disk;
		error = open_overlay(&over, base);
	}
	if (error || !base) {
		free(base);
		return error ? error : -ENOMEM;
	}
	disk->fd = over.fd;
	disk->ops = &overlay_ops;
	disk->qcow2 = over.qcow2;
	disk->base = base;
	disk->readonly = false;
	return 0;
}

void disk_close(struct disk *disk)
{
	disk->ops->close(disk);
	if (disk->fd >= 0)
		close(disk->fd);
	disk->fd = -1;
}

int disk_read(struct disk *disk, u64 offset, struct iovec *iov, unsigned count)
{
	const struct operation operation = begin(DISK_READ, iov_size(iov, count));

	return outcome(disk, &operation, disk->ops->read(disk, offset, iov, count));
}

/* Returns whether all pieces contain only zeros. */
static bool are_zeros(const struct iovec *iov, unsigned count)
{
	for (unsigned n = 0; n < count; n++) {
		const u8 *data = iov[n].iov_base;
		size_t length = iov[n].iov_len;

		if (length && (*data || memcmp(data, data + 1, length - 1)))
			return false;
	}
	return true;
}

int disk_write(struct disk *disk, u64 offset, struct iovec *iov, unsigned count)
{
	const struct operation operation = begin(DISK_WRITE, iov_size(iov, count));
	int error;

	disk->unflushed = true;
	if (disk->zeroes != DISK_ZEROES_OFF && are_zeros(iov, count))
		error = disk->ops->zero(disk, offset, operation.bytes,
					disk->zeroes == DISK_ZEROES_UNMAP);
	else
		error = disk->ops->write(disk, offset, iov, count);
	return outcome(disk, &operation, error);
}

int disk_flush(struct disk *disk)
{
	const struct operation operation = begin(DISK_FLUSH, 0);

	return outcome(disk, &operation, flush_all(disk));
}

int disk_zero(struct disk *disk, u64 offset, u64 size, bool unmap)
{
	const struct operation operation = begin(unmap ? DISK_UNMAP : DISK_WRITE, size);

	disk->unflushed = true;
	return outcome(disk, &operation, disk->ops->zero(disk, offset, size, unmap));
}

int disk_grow(struct disk *disk, u64 size, char *why)
{
	int error;

	if (disk->readonly)
		return refuse_size(why, -EACCES, "is only read");
	if (!disk->ops->grow)
		return refuse_size(why, -ENOTSUP,
				   "loses its changes at the end, and so keeps its size");
	if (!size || size % DISK_SECTOR || size > INT64_MAX)
		return refuse_size(why, -EINVAL, "has a multiple of 512 bytes");
	if (size < disk->sectors * DISK_SECTOR)
		return refuse_size(why, -EINVAL, "can only become larger");
	*why = 0;
	error = disk->ops->grow(disk, size, why);
	if (error && !*why)
		snprintf(why, QCOW2_WHY, "cannot be made larger: %s", strerror(-error));
	if (error)
		return error;
	disk->sectors = size / DISK_SECTOR;
	if (disk->grown)
		disk->grown(disk->user);
	return 0;
}
