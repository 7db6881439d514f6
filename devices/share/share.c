/* SPDX-License-Identifier: MIT */
/* Opening and closing a shared folder; what follows from its options. */
#include "devices/share/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

/* Descriptors of folders: enough for a source tree, and a part of what a process may have. */
#define OPEN_MIN 64
#define OPEN_MAX 4096

static unsigned open_max(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return OPEN_MIN;
	return (unsigned)MAX(MIN(limit.rlim_cur / 4, (rlim_t)OPEN_MAX), (rlim_t)OPEN_MIN);
}

int share_open(struct share **share, const struct share_config *config)
{
	int fd = open(config->path, O_PATH | O_DIRECTORY | O_CLOEXEC), probe;

	if (fd < 0)
		return -errno;
	probe = share_beneath(fd, ".", O_RDONLY | O_DIRECTORY, 0);
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
	(*share)->open_max = open_max();
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

bool share_is_readonly(const struct share *share)
{
	return share->readonly;
}

int share_statfs(struct share *share, struct statfs *st)
{
	return fstatfs(share->root.fd, st) ? -errno : 0;
}
