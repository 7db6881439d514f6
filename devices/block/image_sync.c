/* SPDX-License-Identifier: MIT */
#include "devices/block/image_sync.h"

#include <errno.h>
#include <unistd.h>

int image_sync(int fd, int *failed)
{
	while (!*failed && fdatasync(fd))
		if (errno != EINTR)
			*failed = -errno;
	return *failed;
}
