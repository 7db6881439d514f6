/* SPDX-License-Identifier: MIT */
/* Files in a shared folder: opens, creates and changes them, and reads their attributes. */
#include "devices/share/file.h"

#include "devices/share/mapped.h"
#include "devices/share/node.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "bus/descriptors.h"

/* The flags that a guest may set when it opens a file, and those that are always set. */
#define GUEST_FLAGS (O_ACCMODE | O_APPEND | O_TRUNC | O_SYNC | O_DSYNC)
#define OUR_FLAGS (O_NONBLOCK | O_NOCTTY)

/* Reads a file's attributes as the guest has to see them. */
static int look_at(const struct share *share, const struct share_place *place, struct stat *st)
{
	if (fstatat(place->dir, place->name, st, place->flags))
		return -errno;
	if (share->security == SHARE_MAPPED)
		share_mapped_stat(place, st);
	return 0;
}

/*
 * Returns the mode that a new file gets on the host. Guests cannot make set-uid programs there:
 * such programs would run as the host's user.
 */
static u32 host_mode(const struct share *share, u32 mode)
{
	if (share->security == SHARE_MAPPED)
		return S_ISDIR(mode) ? 0700 : 0600;
	return mode & (S_ISDIR(mode) ? 03777 : 01777);
}

int share_walk(struct share *share, struct share_node *from, const char *name,
	       struct share_node **to, struct stat *st)
{
	struct share_node *up = !strcmp(name, "..") ? from->parent : from;
	struct share_place place;
	int error;

	if (!strcmp(name, ".") || !strcmp(name, "..")) {
		*to = share_ref(up ? up : from);
		error = share_stat(share, *to, st);
		if (error)
			share_unref(share, *to);
		return error;
	}
	if (!share_name_valid(name))
		return -ENOENT;
	place = (struct share_place){ share_dir(share, from), name, AT_SYMLINK_NOFOLLOW };
	error = place.dir < 0 ? place.dir : look_at(share, &place, st);
	if (error)
		return error;
	*to = share_get(share, from, name);
	if (!*to)
		return -ENFILE;
	if ((*to)->fd >= 0 && ((*to)->device != st->st_dev || (*to)->inode != st->st_ino))
		share_stale(share, *to);
	return 0;
}

int share_stat(struct share *share, struct share_node *node, struct stat *st)
{
	struct share_place place;
	int error = share_locate(share, node, &place);

	return error ? error : look_at(share, &place, st);
}

/*
 * Opens a file whose name was removed, by the descriptor that was opened beneath the folder while
 * it had one. It is a regular file or a folder, so no link is followed.
 */
static int reopen(const struct share_place *place, int flags)
{
	char path[SHARE_PROC_PATH];
	int fd;

	share_proc_path(place, path, sizeof(path));
	fd = open(path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : descriptors_move(fd);
}

/*
 * Opens a place that has just been found to be a file or a folder, and makes sure that it still is.
 */
static int open_place(const struct share_place *place, int flags, struct stat *st)
{
	int error, fd;

	flags |= OUR_FLAGS;
	fd = *place->name ? share_beneath(place->dir, place->name, (u64)flags, 0) :
			    reopen(place, flags);
	if (fd < 0)
		return fd;
	error = fstat(fd, st) ? -errno : 0;
	if (!error && (S_ISREG(st->st_mode) || S_ISDIR(st->st_mode)))
		return fd;
	close(fd);
	return error ? error : -EACCES;
}

int share_open_node(struct share *share, struct share_node *node, int flags, struct stat *st)
{
	bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC);
	struct share_place place;
	int error = writes && share->readonly ? -EROFS : share_locate(share, node, &place);

	if (!error)
		error = look_at(share, &place, st);
	if (error)
		return error;
	if (S_ISLNK(st->st_mode))
		return -ELOOP;
	if (!S_ISREG(st->st_mode) && !S_ISDIR(st->st_mode))
		return -EACCES;
	return open_place(&place, flags & GUEST_FLAGS, st);
}

static int set_owner(const struct share_place *place, const struct share_change *change)
{
	uid_t uid = change->set & SHARE_SET_UID ? change->uid : (uid_t)-1;
	gid_t gid = change->set & SHARE_SET_GID ? change->gid : (gid_t)-1;

	return fchownat(place->dir, place->name, uid, gid, place->flags) ? -errno : 0;
}

/*
 * Sets a file's mode. fchmodat() does not support AT_EMPTY_PATH, so a file without a name needs a
 * path in /proc.
 */
static int file_set_mode(const struct share_place *place, u32 mode)
{
	char path[SHARE_PROC_PATH];

	share_proc_path(place, path, sizeof(path));
	return (*place->name ? fchmodat(place->dir, place->name, mode, AT_SYMLINK_NOFOLLOW) :
			       chmod(path, mode)) ?
		       -errno :
		       0;
}

/*
 * Gives a new file the mode bits that the umask of this process has removed: the guest has already
 * applied its own umask. If the folder has a default ACL, the host applies that and not the umask;
 * then the file's mode is not what the umask would have left, and is not changed. Errors are
 * ignored: some file systems have no modes.
 */
static void restore_mode(const struct share *share, const struct share_place *place, u32 mode)
{
	struct stat st;

	if (!(mode & share->umask) || fstatat(place->dir, place->name, &st, AT_SYMLINK_NOFOLLOW) ||
	    (st.st_mode & 0777) != (mode & 0777 & ~share->umask))
		return;
	/* The host has given a new folder the set-gid bit of its parent. */
	file_set_mode(place, mode | (st.st_mode & S_ISGID));
}

/* Gives a new file its owner and mode; if the mapped owner cannot be kept, the file is removed. */
static int own(struct share *share, const struct share_place *place, const struct share_new *what)
{
	const struct share_change owner = { .set = SHARE_SET_UID | SHARE_SET_GID, .uid = what->uid,
					    .gid = what->gid };
	bool folder = S_ISDIR(what->mode) && !what->target;
	int error;

	if (share->security == SHARE_MAPPED) {
		error = share_mapped_new(place, what);
		if (error)
			unlinkat(place->dir, place->name, folder ? AT_REMOVEDIR : 0);
		return error;
	}
	/* If the host does not allow the change of the owner, the owner stays as it is. */
	if (share->chowns)
		set_owner(place, &owner);
	if (!what->target)
		restore_mode(share, place, host_mode(share, what->mode));
	return 0;
}

static int new_file(struct share *share, const struct share_place *place,
		    const struct share_new *what, int flags)
{
	int fd = share_beneath(place->dir, place->name,
			       (u64)((flags & GUEST_FLAGS) | OUR_FLAGS | O_CREAT | O_EXCL),
			       host_mode(share, what->mode));
	int error = fd < 0 ? fd : own(share, place, what);

	if (error && fd >= 0)
		close(fd);
	return error ? error : fd;
}

/* Finds the place of a new name. Fails if the share is read-only, or the name is not valid. */
static int new_place(struct share *share, struct share_node *dir, const char *name,
		     struct share_place *place)
{
	if (share->readonly)
		return -EROFS;
	if (!share_name_valid(name))
		return -EINVAL;
	*place = (struct share_place){ share_dir(share, dir), name, AT_SYMLINK_NOFOLLOW };
	return MIN(place->dir, 0);
}

int share_create(struct share *share, struct share_node *dir, const struct share_new *what,
		 int flags)
{
	struct share_new file = *what;
	struct share_node *node;
	struct share_place place;
	struct stat st;
	int fd = new_place(share, dir, what->name, &place);

	if (fd)
		return fd;
	file.mode = S_IFREG | (what->mode & 07777);
	fd = new_file(share, &place, &file, flags);
	if (fd != -EEXIST || (flags & O_EXCL))
		return fd;
	fd = share_walk(share, dir, what->name, &node, &st);
	if (fd)
		return fd;
	fd = share_open_node(share, node, flags, &st);
	share_unref(share, node);
	return fd;
}

/*
 * Makes a regular file that stands for a file of a kind that is not made on the host. That for a
 * symbolic link contains the link's target.
 */
static int stand_in(struct share *share, const struct share_place *place,
		    const struct share_new *what)
{
	size_t size = what->target ? strlen(what->target) : 0;
	int fd = new_file(share, place, what, O_WRONLY);
	bool whole = fd >= 0 &&
		     pwrite(fd, what->target ? what->target : "", size, 0) == (ssize_t)size;

	if (fd < 0)
		return fd;
	close(fd);
	if (!whole)
		unlinkat(place->dir, place->name, 0);
	return whole ? 0 : -EIO;
}

/*
 * Returns whether the file is the mark of an overlay that a name is removed, which Linux lets every
 * user make: a device with a number that no driver can have.
 */
static bool is_whiteout(const struct share_new *what)
{
	return S_ISCHR(what->mode) && !what->device;
}

static int file_make(struct share *share, const struct share_place *place,
		     const struct share_new *what)
{
	u32 mode = host_mode(share, what->mode);
	int failed;

	if (S_ISDIR(what->mode))
		failed = mkdirat(place->dir, place->name, mode);
	else if (share->security == SHARE_MAPPED)
		return stand_in(share, place, what);
	else if (what->target)
		failed = symlinkat(what->target, place->dir, place->name);
	else if (S_ISREG(what->mode) || S_ISFIFO(what->mode) || S_ISSOCK(what->mode) ||
		 is_whiteout(what))
		failed = mknodat(place->dir, place->name, (what->mode & S_IFMT) | mode, 0);
	else
		return -EPERM;
	return failed ? -errno : own(share, place, what);
}

int share_make(struct share *share, struct share_node *dir, const struct share_new *what,
	       struct stat *st)
{
	struct share_new thing = *what;
	struct share_place place;
	int error = new_place(share, dir, what->name, &place);

	if (what->target)
		thing.mode = S_IFLNK | 0777;
	if (!error && what->target && !*what->target)
		error = -ENOENT;
	if (!error)
		error = file_make(share, &place, &thing);
	return error ? error : look_at(share, &place, st);
}

s64 share_readlink(struct share *share, struct share_node *node, char *target, size_t size)
{
	struct share_place place;
	struct stat st;
	int error = share_locate(share, node, &place), fd;
	ssize_t got;

	if (!error)
		error = look_at(share, &place, &st);
	if (error || !S_ISLNK(st.st_mode))
		return error ? error : -EINVAL;
	got = readlinkat(place.dir, place.name, target, size);
	if (got >= 0 || errno != EINVAL)
		return got < 0 ? -errno : got;
	/* On the host the link is a regular file. */
	fd = open_place(&place, O_RDONLY, &st);
	if (fd < 0)
		return fd;
	got = pread(fd, target, size, 0);
	error = -errno;
	close(fd);
	return got < 0 ? error : got;
}

static int file_set_size(struct share *share, struct share_node *node, u64 size)
{
	struct stat st;
	int fd = share_open_node(share, node, O_WRONLY, &st), error;

	if (fd < 0)
		return fd;
	error = size > INT64_MAX ? -EFBIG : ftruncate(fd, (off_t)size) ? -errno : 0;
	close(fd);
	return error;
}

static int set_attributes(struct share *share, const struct share_place *place,
			  const struct share_change *change)
{
	struct share_change kept = *change;
	struct stat st;
	int error = look_at(share, place, &st);

	if (error)
		return error;
	kept.mode = (st.st_mode & S_IFMT) | (change->mode & 07777);
	if (share->security == SHARE_MAPPED)
		return share_mapped_set(place, &kept);
	if (change->set & (SHARE_SET_UID | SHARE_SET_GID))
		error = set_owner(place, change);
	if (!error && (change->set & SHARE_SET_MODE))
		error = file_set_mode(place, host_mode(share, kept.mode));
	return error;
}

int share_set(struct share *share, struct share_node *node, const struct share_change *change)
{
	const u32 attributes = SHARE_SET_MODE | SHARE_SET_UID | SHARE_SET_GID;
	struct share_place place;
	int error = share->readonly ? -EROFS : 0;

	if (!error && (change->set & SHARE_SET_SIZE))
		error = file_set_size(share, node, change->size);
	if (!error)
		error = share_locate(share, node, &place);
	if (!error && (change->set & attributes))
		error = set_attributes(share, &place, change);
	if (!error && (change->set & SHARE_SET_TIMES) &&
	    utimensat(place.dir, place.name, change->times, place.flags))
		error = -errno;
	return error;
}
