/* SPDX-License-Identifier: MIT */
/* See ram_file.h. */
#include "bus/ram_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Checks the size of the file. An empty one is extended to this size if `grows` is set, and counts
 * as zeros otherwise. Returns 0 or -errno.
 */
static int check_size(int fd, u64 size, bool grows)
{
	struct stat status;

	if (fstat(fd, &status))
		return -errno;
	if (!status.st_size && !S_ISREG(status.st_mode))
		return -EINVAL;
	if (!status.st_size && grows && ftruncate(fd, (off_t)size))
		return -errno;
	return status.st_size && (u64)status.st_size < size ? -ERANGE : 0;
}

/* Returns the descriptor if the file is large enough; else closes it and returns the error. */
static int checked(int fd, u64 size, bool grows)
{
	int failed = check_size(fd, size, grows);

	if (!failed)
		return fd;
	close(fd);
	return failed;
}

int ram_file_open(const char *path, u64 size)
{
	int fd = open(path, O_RDWR | O_CLOEXEC | O_CREAT | O_NONBLOCK, 0644);

	if (fd < 0 && errno == EISDIR)
		fd = open(path, O_RDWR | O_CLOEXEC | O_TMPFILE, 0600);
	return fd < 0 ? -errno : checked(fd, size, true);
}

/*
 * Opens a file that will be copied. The right to read it is enough, because it is not changed. If
 * the file is missing, or the path is a folder, an empty file is created.
 */
static int open_to_read(const char *path, u64 size)
{
	struct stat status;
	int fd;

	if (stat(path, &status) ? errno == ENOENT : S_ISDIR(status.st_mode))
		return ram_file_open(path, size);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	return fd < 0 ? -errno : checked(fd, size, false);
}

/* Reads one extent of the file. */
static int read_extent(int fd, u8 *memory, u64 from, u64 end)
{
	while (from < end) {
		ssize_t got = pread(fd, memory + from, end - from, (off_t)from);

		if (got < 0 && errno != EINTR)
			return -errno;
		if (!got)
			return 0; /* the file has become shorter: the rest is zeros */
		from += got > 0 ? (u64)got : 0;
	}
	return 0;
}

int ram_file_copy(const char *path, u8 *memory, u64 size)
{
	int fd = open_to_read(path, size), failed = MIN(fd, 0);
	u64 end = 0;

	while (!failed && end < size) {
		off_t data = lseek(fd, (off_t)end, SEEK_DATA);
		off_t hole = data < 0 ? -1 : lseek(fd, data, SEEK_HOLE);
		u64 start = data < 0 ? end : (u64)data;

		if (data < 0 && errno == ENXIO)
			break;
		end = hole < 0 ? size : MIN((u64)hole, size);
		failed = read_extent(fd, memory, start, end);
	}
	if (fd >= 0)
		close(fd);
	return failed;
}
