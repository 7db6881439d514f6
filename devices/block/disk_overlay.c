/* SPDX-License-Identifier: MIT */
/* See disk_overlay.h. */
#include "devices/block/disk_overlay.h"

#include "devices/block/disk.h"
#include "devices/block/qcow2.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const char *disk_overlay_folder(void)
{
	const char *folder = getenv("TMPDIR");

	return folder && *folder ? folder : "/var/tmp";
}

/* O_TMPFILE would not make a file without a name on every file system. */
int disk_overlay_file(void)
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

int disk_overlay_create(u64 size)
{
	int fd = disk_overlay_file();
	int error = fd < 0 ? fd : qcow2_create(fd, size);

	if (error && fd >= 0)
		close(fd);
	return error ? error : fd;
}

bool disk_overlay_failed(struct disk *disk)
{
	bool below = disk->base->failed;

	disk->base->failed = false;
	return !below;
}
