/* SPDX-License-Identifier: MIT */
/* Opens and closes a shared folder, and derives its settings from its options. */
#include "devices/share/node.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/*
 * The most descriptors of folders, which is enough for a source tree; and the number of descriptors
 * that is used even if the configuration gives fewer.
 */
#define FOLDERS_MAX 4096u
#define DESCRIPTORS_MIN 32u

int share_open(struct share **share, const struct share_config *config)
{
	int fd = open(config->path, O_PATH | O_DIRECTORY | O_CLOEXEC), probe;

	if (fd < 0)
		return -errno;
	probe = share_beneath(fd, ".", O_RDONLY | O_DIRECTORY, 0);
	/*
	 * A sandbox refuses system calls that it does not know with EPERM; opening a folder never
	 * fails with it.
	 */
	if (probe == -EPERM)
		probe = -ENOSYS;
	*share = probe < 0 ? NULL : calloc(1, sizeof(**share));
	if (probe >= 0)
		close(probe);
	if (!*share) {
		close(fd);
		return probe < 0 ? probe : -ENOMEM;
	}
	(*share)->root.fd = fd;
	(*share)->root.references = 1;
	(*share)->security = config->security;
	(*share)->readonly = config->readonly;
	(*share)->chowns = geteuid() == 0;
	(*share)->umask = umask(077);
	umask((*share)->umask);
	(*share)->files_max = MAX(config->descriptors, DESCRIPTORS_MIN) / 2;
	(*share)->open_max = MIN((*share)->files_max, FOLDERS_MAX);
	return 0;
}

void share_close(struct share *share)
{
	if (!share)
		return;
	assert(!share->nodes && share->root.references == 1);
	close(share->root.fd);
	free(share);
}

bool share_is_mapped(const struct share *share)
{
	return share->security == SHARE_MAPPED;
}

unsigned share_files_max(const struct share *share)
{
	return share->files_max;
}

bool share_is_readonly(const struct share *share)
{
	return share->readonly;
}

int share_statfs(struct share *share, struct statfs *st)
{
	return fstatfs(share->root.fd, st) ? -errno : 0;
}
