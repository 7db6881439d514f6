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

/* The host's functions for a path that share_proc_path makes. */
struct calls {
	ssize_t (*get)(const char *path, const char *name, void *value, size_t size);
	ssize_t (*list)(const char *path, char *names, size_t size);
	int (*set)(const char *path, const char *name, const void *value, size_t size, int flags);
	int (*remove)(const char *path, const char *name);
};

/*
 * For a name, which may be that of a symbolic link; and for the descriptor of a file whose name was
 * removed, which /proc has as a link to that file itself.
 */
static const struct calls of_name = { lgetxattr, llistxattr, lsetxattr, lremovexattr };
static const struct calls of_descriptor = { getxattr, listxattr, setxattr, removexattr };

static int find(struct share *share, struct share_node *node, char *path,
		const struct calls **calls)
{
	struct share_place place;
	int error = share_locate(share, node, &place);

	if (error)
		return error;
	share_proc_path(&place, path, SHARE_PROC_PATH);
	*calls = *place.name ? &of_name : &of_descriptor;
	return 0;
}

s64 share_xattr_get(struct share *share, struct share_node *node, const char *name, void *value)
{
	char path[SHARE_PROC_PATH];
	const struct calls *calls;
	int error = allowed(name) ? find(share, node, path, &calls) : -EOPNOTSUPP;
	ssize_t size;

	if (error)
		return error;
	size = calls->get(path, name, value, SHARE_XATTR_MAX);
	return size < 0 ? -errno : size;
}

s64 share_xattr_list(struct share *share, struct share_node *node, char *names)
{
	char path[SHARE_PROC_PATH];
	const struct calls *calls;
	int error = find(share, node, path, &calls);
	ssize_t size = error ? 0 : calls->list(path, names, SHARE_XATTR_MAX);
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
	const struct calls *calls;
	int error = share->readonly ? -EROFS : !allowed(xattr->name) ? -EOPNOTSUPP : 0;

	if (!error)
		error = find(share, node, path, &calls);
	if (error)
		return error;
	if (!xattr->data)
		return calls->remove(path, xattr->name) ? -errno : 0;
	return calls->set(path, xattr->name, xattr->data, xattr->size, xattr->flags) ? -errno : 0;
}
