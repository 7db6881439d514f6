/* SPDX-License-Identifier: MIT */
/*
 * security_model=mapped-xattr: owner, mode and kind of a file as the guest has set them are in the
 * attributes user.virtfs.*, little-endian, as QEMU has them; on the host the file is a plain one
 * of the host's user, and a symbolic link is a plain file with the target in it.
 */
#include "devices/share/parts.h"

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
	snprintf(path, size, "/proc/self/fd/%d/%s", place->dir, place->name);
}

static bool get(const char *path, const char *name, void *value, size_t size)
{
	return lgetxattr(path, name, value, size) == (ssize_t)size;
}

static int put(const char *path, const char *name, const void *value, size_t size)
{
	return lsetxattr(path, name, value, size, 0) ? -errno : 0;
}

void share_mapped_stat(const struct share_place *place, struct stat *st)
{
	char path[SHARE_PROC_PATH];
	u32 value;
	u64 device;

	share_proc_path(place, path, sizeof(path));
	if (get(path, PREFIX "uid", &value, sizeof(value)))
		st->st_uid = value;
	if (get(path, PREFIX "gid", &value, sizeof(value)))
		st->st_gid = value;
	if (get(path, PREFIX "mode", &value, sizeof(value))) {
		/* A guest writes no such attribute: what is a folder stays one. */
		if (S_ISREG(st->st_mode) && (value & S_IFMT) && !S_ISDIR(value))
			st->st_mode = value & (S_IFMT | 07777);
		else
			st->st_mode = (st->st_mode & S_IFMT) | (value & 07777);
	}
	if (get(path, PREFIX "rdev", &device, sizeof(device)))
		st->st_rdev = device;
}

int share_mapped_set(const struct share_place *place, const struct share_change *change)
{
	char path[SHARE_PROC_PATH];
	int error = 0;

	share_proc_path(place, path, sizeof(path));
	if (change->set & SHARE_SET_UID)
		error = put(path, PREFIX "uid", &change->uid, sizeof(change->uid));
	if (!error && (change->set & SHARE_SET_GID))
		error = put(path, PREFIX "gid", &change->gid, sizeof(change->gid));
	if (!error && (change->set & SHARE_SET_MODE))
		error = put(path, PREFIX "mode", &change->mode, sizeof(change->mode));
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
	char path[SHARE_PROC_PATH];
	int error = share_mapped_set(place, &change);

	if (error || !(S_ISCHR(what->mode) || S_ISBLK(what->mode)))
		return error;
	share_proc_path(place, path, sizeof(path));
	return put(path, PREFIX "rdev", &device, sizeof(device));
}
