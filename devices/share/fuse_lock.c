/* SPDX-License-Identifier: MIT */
/*
 * Requests about locks. A client that was offered FUSE_POSIX_LOCKS manages no locks of its own, so
 * the host excludes its processes from each other, too.
 */
#include "devices/share/fuse_request.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

static int locker(struct fuse_call *call, u64 fh, u64 owner, struct share_locker *who)
{
	const struct fuse_handle *handle = fuse_handle_find(call->fuse, fh, false);

	if (!handle)
		return -EBADF;
	*who = (struct share_locker){ .owner = owner, .handle = fh, .fd = handle->fd };
	return 0;
}

/* Converts a range, whose end is the last byte; the greatest end is that of every file. */
static int fuse_range(const struct fuse_file_lock *lock, struct share_range *range)
{
	if (lock->end < lock->start || lock->end > INT64_MAX)
		return -EINVAL;
	*range = (struct share_range){
		.type = lock->type,
		.start = lock->start,
		.length = lock->end == INT64_MAX ? 0 : lock->end - lock->start + 1,
	};
	return 0;
}

int fuse_getlk(struct fuse_call *call)
{
	const struct fuse_lk_in *in = call->in;
	struct fuse_lk_out *out = call->out;
	struct share_range range;
	struct share_locker who;
	int error = locker(call, in->fh, in->owner, &who);

	if (!error)
		error = fuse_range(&in->lk, &range);
	if (!error)
		error = share_lock_test(&call->fuse->locks, &who, &range);
	if (error)
		return error;
	out->lk = (struct fuse_file_lock){
		.start = range.start,
		.end = range.length ? range.start + range.length - 1 : INT64_MAX,
		.type = range.type,
		.pid = range.pid,
	};
	return 0;
}

/* Sets a lock of flock(2), which belongs to the open file, as on the host. */
static int set_flock(int fd, u32 type)
{
	static const int operations[] = {
		[F_RDLCK] = LOCK_SH, [F_WRLCK] = LOCK_EX, [F_UNLCK] = LOCK_UN
	};

	if (type >= ARRAY_SIZE(operations))
		return -EINVAL;
	return flock(fd, operations[type] | LOCK_NB) ? -errno : 0;
}

static int set_lock(struct fuse_call *call, const struct share_locker *who)
{
	const struct fuse_lk_in *in = call->in;
	const struct fuse *fuse = call->fuse;
	struct share_range range;
	int error;

	if (in->lk_flags & FUSE_LK_FLOCK)
		return set_flock(who->fd, in->lk.type);
	if (in->lk.type != F_UNLCK && fuse->handles.count + fuse->locks.count >= fuse->handles.max)
		return -ENOLCK;
	error = fuse_range(&in->lk, &range);
	return error ? error : share_lock_set(&call->fuse->locks, who, &range);
}

static bool is_misled(const struct fuse_call *call, int fd)
{
	struct stat st;

	return !fstat(fd, &st) && fuse_node_misled(call->fuse, call->node, &st);
}

/*
 * Sets a lock. Whoever has one reads what others have written before they released theirs. So from
 * then on the client is told that the file's attributes, by which it knows whether what it has read
 * before is still the file's contents, are not valid. If it has been told others shortly before, it
 * gets the lock when they have expired: the file may have changed before the lock was set, or while
 * it was.
 */
static int set(struct fuse_call *call, bool sleep)
{
	const struct fuse_lk_in *in = call->in;
	bool unlock = in->lk.type == F_UNLCK;
	struct share_locker who;
	int error = locker(call, in->fh, in->owner, &who);

	if (error)
		return error;
	who.pid = in->lk.pid;
	call->node->locked |= !unlock;
	call->waits = !unlock && is_misled(call, who.fd);
	if (call->waits)
		return 0;
	error = set_lock(call, &who);
	call->waits = error == -EAGAIN ? sleep : !error && !unlock && is_misled(call, who.fd);
	return error;
}

int fuse_setlk(struct fuse_call *call)
{
	return set(call, false);
}

int fuse_setlkw(struct fuse_call *call)
{
	return set(call, true);
}

/*
 * A process has closed a file, which ends its locks (fcntl(2)). Nothing else is to be done: nothing
 * is buffered here that could be lost at a close. A client that manages its locks itself does not
 * send it any more after -ENOSYS.
 */
int fuse_flush(struct fuse_call *call)
{
	const struct fuse_flush_in *in = call->in;
	struct share_locker who;
	int error = call->fuse->locking ? locker(call, in->fh, in->lock_owner, &who) : -ENOSYS;

	if (!error)
		share_lock_leave(&call->fuse->locks, &who);
	return error;
}
