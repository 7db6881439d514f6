/* SPDX-License-Identifier: MIT */
/* See descriptors.h. */
#include "bus/descriptors.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <unistd.h>

/*
 * The limit is not raised beyond this, because some programs that the emulator starts close every
 * descriptor up to the limit.
 */
#define RAISED_MAX 65536
#define UNKNOWN 256
#define MANY 256 /* lower ones are not moved: moving takes a fifth of the time of opening */

void descriptors_raise(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= RAISED_MAX)
		return;
	limit.rlim_cur = MIN(limit.rlim_max, (rlim_t)RAISED_MAX);
	setrlimit(RLIMIT_NOFILE, &limit);
}

unsigned descriptors_each(unsigned users)
{
	struct rlimit limit;
	rlim_t all = getrlimit(RLIMIT_NOFILE, &limit) ? UNKNOWN : limit.rlim_cur;

	return (unsigned)(MIN(all, (rlim_t)RAISED_MAX) / 4 * 3 / MAX(users, 1u));
}

int descriptors_move(int fd)
{
	int high = fd >= MANY && fd < FD_SETSIZE ? fcntl(fd, F_DUPFD_CLOEXEC, FD_SETSIZE) : -1;

	if (high < 0)
		return fd;
	close(fd);
	return high;
}
