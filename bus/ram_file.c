/* SPDX-License-Identifier: MIT */
/* See ram_file.h. */
#include "bus/ram_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* 0 or -errno. */
static int check_size(int fd, u64 size)
{
	struct stat status;

	if (fstat(fd, &status))
		return -errno;
	if (!status.st_size && ftruncate(fd, (off_t)size))
		return -errno;
	return status.st_size && (u64)status.st_size < size ? -ERANGE : 0;
}

int ram_file_open(const char *path, u64 size)
{
	int fd = open(path, O_RDWR | O_CLOEXEC | O_CREAT | O_NONBLOCK, 0644);
	int failed;

	if (fd < 0 && errno == EISDIR)
		fd = open(path, O_RDWR | O_CLOEXEC | O_TMPFILE, 0600);
	if (fd < 0)
		return -errno;
	failed = check_size(fd, size);
	if (!failed)
		return fd;
	close(fd);
	return failed;
}

/* An extent of the file. */
static int read_extent(int fd, u8 *memory, u64 from, u64 end)
{
	while (from < end) {
		ssize_t got = pread(fd, memory + from, end - from, (off_t)from);

		if (got < 0 && errno != EINTR)
			return -errno;
		if (!got)
			return 0; /* it has become shorter: the rest is zeros */
		from += got > 0 ? (u64)got : 0;
	}
	return 0;
}

int ram_file_copy(const char *path, u8 *memory, u64 size)
{
	int fd = ram_file_open(path, size), failed = MIN(fd, 0);
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
