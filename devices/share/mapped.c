/* SPDX-License-Identifier: MIT */
/*
 * Implements security_model=mapped-xattr: the owner, mode and kind of a file that the guest has set
 * are stored in the extended attributes user.virtfs.*, in little-endian form, as in QEMU. On the
 * host all files belong to the host's user, and all except folders are regular files; that for a
 * symbolic link contains the target. The exception is the whiteout of a rename with
 * RENAME_WHITEOUT: the host makes it, in one step with the rename, as a device without attributes.
 */
#include "devices/share/mapped.h"

#include "devices/share/node.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>

#define PREFIX "user.virtfs."
#define PREFIX_SIZE (sizeof(PREFIX) - 1)

bool share_mapped_name(const char *xattr)
{
	return !strncmp(xattr, PREFIX, PREFIX_SIZE);
}

void share_proc_path(const struct share_place *place, char *path, size_t size)
{
	snprintf(path, size, *place->name ? "/proc/self/fd/%d/%s" : "/proc/self/fd/%d", place->dir,
		 place->name);
}

/*
 * Reads an attribute. A file without a name is reached through its descriptor, which cannot be that
 * of a link.
 */
static bool mapped_get(const struct share_place *place, const char *name, void *value, size_t size)
{
	char path[SHARE_PROC_PATH];
	ssize_t got;

	share_proc_path(place, path, sizeof(path));
	got = *place->name ? lgetxattr(path, name, value, size) : getxattr(path, name, value, size);
	return got == (ssize_t)size;
}

static int mapped_put(const struct share_place *place, const char *name, const void *value,
		      size_t size)
{
	char path[SHARE_PROC_PATH];
	int failed;

	share_proc_path(place, path, sizeof(path));
	failed = *place->name ? lsetxattr(path, name, value, size, 0) :
				setxattr(path, name, value, size, 0);
	return failed ? -errno : 0;
}

void share_mapped_stat(const struct share_place *place, struct stat *st)
{
	u32 value;
	u64 device;

	if (mapped_get(place, PREFIX "uid", &value, sizeof(value)))
		st->st_uid = value;
	if (mapped_get(place, PREFIX "gid", &value, sizeof(value)))
		st->st_gid = value;
	if (mapped_get(place, PREFIX "mode", &value, sizeof(value))) {
		/* Guests cannot write this attribute, so a folder stays a folder. */
		if (S_ISREG(st->st_mode) && (value & S_IFMT) && !S_ISDIR(value))
			st->st_mode = value & (S_IFMT | 07777);
		else
			st->st_mode = (st->st_mode & S_IFMT) | (value & 07777);
	}
	if (mapped_get(place, PREFIX "rdev", &device, sizeof(device)))
		st->st_rdev = device;
}

int share_mapped_set(const struct share_place *place, const struct share_change *change)
{
	int error = 0;

	if (change->set & SHARE_SET_UID)
		error = mapped_put(place, PREFIX "uid", &change->uid, sizeof(change->uid));
	if (!error && (change->set & SHARE_SET_GID))
		error = mapped_put(place, PREFIX "gid", &change->gid, sizeof(change->gid));
	if (!error && (change->set & SHARE_SET_MODE))
		error = mapped_put(place, PREFIX "mode", &change->mode, sizeof(change->mode));
	return error;
}

int share_mapped_new(const struct share_place *place, const struct share_new *what)
{
	const struct share_change change = {
		.set = SHARE_SET_UID | SHARE_SET_GID | SHARE_SET_MODE,
		.uid = what->uid,
		.gid = what->gid,
		.mode = what->mode,
	};
	u64 device = what->device;
	int error = share_mapped_set(place, &change);

	if (error || !(S_ISCHR(what->mode) || S_ISBLK(what->mode)))
		return error;
	return mapped_put(place, PREFIX "rdev", &device, sizeof(device));
}
