/* SPDX-License-Identifier: MIT */
/*
 * Gives guests access to extended attributes, but only to those of the namespace "user". Others
 * have a meaning for the host (capabilities, access control lists, labels). Those of mapped.c are
 * hidden from the guest.
 */
#include "devices/share/node.h"

#include "devices/share/mapped.h"

#include <errno.h>
#include <string.h>
#include <sys/xattr.h>

static bool allowed(const char *name)
{
	return !strncmp(name, "user.", 5) && name[5] && !share_mapped_name(name);
}

static int path_of(struct share *share, struct share_node *node, char *path)
{
	struct share_place place;
	int error = share_locate(share, node, &place);

	if (!error && !*place.name)
		error = -ENOENT;
	if (!error)
		share_proc_path(&place, path, SHARE_PROC_PATH);
	return error;
}

s64 share_xattr_get(struct share *share, struct share_node *node, const char *name, void *value)
{
	char path[SHARE_PROC_PATH];
	int error = allowed(name) ? path_of(share, node, path) : -EOPNOTSUPP;
	ssize_t size;

	if (error)
		return error;
	size = lgetxattr(path, name, value, SHARE_XATTR_MAX);
	return size < 0 ? -errno : size;
}

s64 share_xattr_list(struct share *share, struct share_node *node, char *names)
{
	char path[SHARE_PROC_PATH];
	int error = path_of(share, node, path);
	ssize_t size = error ? 0 : llistxattr(path, names, SHARE_XATTR_MAX);
	size_t kept = 0;

	if (error || size < 0)
		return error ? error : -errno;
	for (ssize_t at = 0; at < size;) {
		size_t length = strlen(names + at) + 1;

		if (allowed(names + at)) {
			memmove(names + kept, names + at, length);
			kept += length;
		}
		at += (ssize_t)length;
	}
	return (s64)kept;
}

int share_xattr_set(struct share *share, struct share_node *node, const struct share_xattr *xattr)
{
	char path[SHARE_PROC_PATH];
	int error = share->readonly ? -EROFS : !allowed(xattr->name) ? -EOPNOTSUPP : 0;

	if (!error)
		error = path_of(share, node, path);
	if (error)
		return error;
	if (!xattr->data)
		return lremovexattr(path, xattr->name) ? -errno : 0;
	return lsetxattr(path, xattr->name, xattr->data, xattr->size, xattr->flags) ? -errno : 0;
}
