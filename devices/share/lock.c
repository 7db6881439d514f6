/* SPDX-License-Identifier: MIT */
/* Keeps a descriptor for each owner of locks on a file. See lock.h. */
#include "devices/share/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bus/descriptors.h"

struct share_lock {
	struct share_lock *next;
	dev_t device;
	ino_t inode;
	u64 owner, handle;
	u32 pid;
	int fd; /* its locks are those of this description */
};

/* Returns where the owner's entry for the file is, or would be; NULL if the file is not known. */
static struct share_lock **lock_place(struct share_locks *locks, const struct share_locker *who,
				      struct stat *st)
{
	struct share_lock **at = &locks->first;

	if (fstat(who->fd, st))
		return NULL;
	while (*at && ((*at)->owner != who->owner || (*at)->inode != st->st_ino ||
		       (*at)->device != st->st_dev))
		at = &(*at)->next;
	return at;
}

static void drop(struct share_locks *locks, struct share_lock **at)
{
	struct share_lock *lock = *at;

	*at = lock->next;
	close(lock->fd);
	free(lock);
	locks->count--;
}

/*
 * Opens another description of an open file. An owner may have opened the file for reading and for
 * writing, so it is opened for both if the host allows that: the type of a lock needs the mode.
 */
static int describe(int fd)
{
	int modes[] = { O_RDWR, fcntl(fd, F_GETFL) & O_ACCMODE };
	char path[sizeof("/proc/self/fd/-2147483648")];
	int another = -1;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	for (unsigned n = 0; another < 0 && n < ARRAY_SIZE(modes); n++)
		another = open(path, modes[n] | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	return another < 0 ? -errno : descriptors_move(another);
}

static int add(struct share_locks *locks, struct share_lock **at, const struct share_locker *who,
	       const struct stat *st)
{
	struct share_lock *lock = calloc(1, sizeof(*lock));
	int fd = lock ? describe(who->fd) : -ENOMEM;

	if (fd < 0) {
		free(lock);
		return fd;
	}
	*lock = (struct share_lock){
		.device = st->st_dev, .inode = st->st_ino, .owner = who->owner, .fd = fd
	};
	*at = lock;
	locks->count++;
	return 0;
}

/* Converts a range for fcntl. Its types are those of this host. */
static int host_lock(const struct share_range *range, struct flock *lock)
{
	static_assert(F_RDLCK == 0 && F_WRLCK == 1 && F_UNLCK == 2, "the protocols' types");
	if (range->type > F_UNLCK)
		return -EINVAL;
	if (range->start > INT64_MAX || range->length > INT64_MAX)
		return -EOVERFLOW;
	*lock = (struct flock){ .l_type = (short)range->type,
				.l_whence = SEEK_SET,
				.l_start = (off_t)range->start,
				.l_len = (off_t)range->length };
	return 0;
}

int share_lock_set(struct share_locks *locks, const struct share_locker *who,
		   const struct share_range *range)
{
	bool unlock = range->type == F_UNLCK;
	struct share_lock **at;
	struct flock lock;
	struct stat st;
	int error = host_lock(range, &lock);

	if (error)
		return error;
	at = lock_place(locks, who, &st);
	if (!at)
		return -errno;
	if (!*at && unlock)
		return 0;
	if (!*at)
		error = add(locks, at, who, &st);
	if (error)
		return error;
	if (fcntl((*at)->fd, F_OFD_SETLK, &lock)) {
		error = errno == EACCES ? -EAGAIN : -errno;
	} else if (!unlock) {
		(*at)->handle = who->handle;
		(*at)->pid = who->pid;
	}
	/* A new entry has no handle as long as it has no lock. */
	if (!(*at)->handle || (unlock && !range->start && !range->length))
		drop(locks, at);
	return error;
}

/* Returns the process of the owner whose lock this is: the host does not show it to that one. */
static u32 holder(const struct share_locks *locks, const struct stat *st, const struct flock *asked,
		  const struct flock *found)
{
	for (const struct share_lock *other = locks->first; other; other = other->next) {
		struct flock lock = *asked;

		if (other->inode != st->st_ino || other->device != st->st_dev ||
		    fcntl(other->fd, F_OFD_GETLK, &lock))
			continue;
		if (lock.l_type != found->l_type || lock.l_start != found->l_start ||
		    lock.l_len != found->l_len)
			return other->pid;
	}
	return 0;
}

int share_lock_test(struct share_locks *locks, const struct share_locker *who,
		    struct share_range *range)
{
	struct flock asked, lock;
	struct share_lock **at;
	struct stat st;
	int error = host_lock(range, &asked);

	if (error || range->type == F_UNLCK)
		return error ? error : -EINVAL;
	at = lock_place(locks, who, &st);
	if (!at)
		return -errno;
	lock = asked;
	if (fcntl(*at ? (*at)->fd : who->fd, F_OFD_GETLK, &lock))
		return -errno;
	range->type = (u32)lock.l_type;
	if (lock.l_type == F_UNLCK)
		return 0;
	range->start = (u64)lock.l_start;
	range->length = (u64)lock.l_len;
	range->pid = holder(locks, &st, &asked, &lock);
	return 0;
}

void share_lock_leave(struct share_locks *locks, const struct share_locker *who)
{
	struct stat st;
	struct share_lock **at = locks->count ? lock_place(locks, who, &st) : NULL;

	if (at && *at)
		drop(locks, at);
}

void share_locks_close(struct share_locks *locks, u64 handle)
{
	struct share_lock **at = &locks->first;

	while (*at)
		if ((*at)->handle == handle)
			drop(locks, at);
		else
			at = &(*at)->next;
}

void share_locks_clear(struct share_locks *locks)
{
	while (locks->first)
		drop(locks, &locks->first);
}
