/* SPDX-License-Identifier: MIT */
/* Requests about the attributes of a file. */
#include "devices/share/fuse_request.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static int put_attributes(struct fuse_call *call)
{
	struct fuse_attr_out *out = call->out;
	struct stat st;
	int error = share_stat(call->fuse->share, call->node->name, &st);

	if (error)
		return error;
	out->attr_valid = call->fuse->policy->seconds;
	fuse_put_attr(call->fuse, &st, &out->attr);
	return 0;
}

int fuse_getattr(struct fuse_call *call)
{
	return put_attributes(call);
}

/* Returns the new value of a time: unchanged, now, or as in the request. */
static struct timespec time_of(bool change, bool now, u64 seconds, u32 nanoseconds)
{
	return (struct timespec){
		.tv_sec = (time_t)seconds,
		.tv_nsec = !change ? UTIME_OMIT : now ? UTIME_NOW : (long)nanoseconds,
	};
}

/*
 * Reads from the request which attributes change. FATTR_CTIME is ignored: the host sets the change
 * time.
 */
static void read_change(const struct fuse_setattr_in *in, struct share_change *change)
{
	static const u32 same[][2] = {
		{ FATTR_MODE, SHARE_SET_MODE },
		{ FATTR_UID, SHARE_SET_UID },
		{ FATTR_GID, SHARE_SET_GID },
		{ FATTR_SIZE, SHARE_SET_SIZE },
		{ FATTR_ATIME | FATTR_MTIME, SHARE_SET_TIMES },
	};

	*change = (struct share_change){
		.mode = in->mode,
		.uid = in->uid,
		.gid = in->gid,
		.size = in->size,
	};
	for (unsigned n = 0; n < ARRAY_SIZE(same); n++)
		if (in->valid & same[n][0])
			change->set |= same[n][1];
	change->times[0] = time_of(in->valid & FATTR_ATIME, in->valid & FATTR_ATIME_NOW, in->atime,
				   in->atimensec);
	change->times[1] = time_of(in->valid & FATTR_MTIME, in->valid & FATTR_MTIME_NOW, in->mtime,
				   in->mtimensec);
}

/*
 * Sets the size through the open file, if the request names one: the file's name may have been
 * removed.
 */
static int fuse_set_size(struct fuse_call *call, struct share_change *change)
{
	const struct fuse_setattr_in *in = call->in;
	const struct fuse_handle *handle;

	if (!(in->valid & FATTR_FH) || !(change->set & SHARE_SET_SIZE))
		return 0;
	handle = fuse_handle_find(call->fuse, in->fh, false);
	if (!handle)
		return -EBADF;
	if (change->size > INT64_MAX)
		return -EFBIG;
	change->set &= ~(u32)SHARE_SET_SIZE;
	return ftruncate(handle->fd, (off_t)change->size) ? -errno : 0;
}

int fuse_setattr(struct fuse_call *call)
{
	const struct fuse_setattr_in *in = call->in;
	struct share_change change;
	int error = 0;

	read_change(in, &change);
	/* Changing a program's owner or contents clears its set-uid and set-gid bits. */
	if (in->valid & (FATTR_KILL_SUIDGID | FATTR_UID | FATTR_GID))
		error = fuse_kill_suidgid(call);
	if (!error)
		error = fuse_set_size(call, &change);
	if (!error && change.set)
		error = share_set(call->fuse->share, call->node->name, &change);
	return error ? error : put_attributes(call);
}

/*
 * Checks access only against a read-only folder: the client itself checks modes, because virtio-fs
 * always has default_permissions.
 */
int fuse_access(struct fuse_call *call)
{
	const struct fuse_access_in *in = call->in;
	struct stat st;

	if (in->mask & ~(u32)(R_OK | W_OK | X_OK))
		return -EINVAL;
	if ((in->mask & W_OK) && share_is_readonly(call->fuse->share))
		return -EROFS;
	return share_stat(call->fuse->share, call->node->name, &st);
}

/* Replies with a value of `size` bytes, or only with its size if the client asks for the size. */
static int put_value(struct fuse_call *call, const void *value, s64 size)
{
	const struct fuse_getxattr_in *in = call->in;
	const struct fuse_getxattr_out out = { .size = (u32)size };

	if (size < 0)
		return (int)size;
	if (!in->size) {
		value = &out;
		size = sizeof(out);
	} else if (size > in->size) {
		return -ERANGE;
	}
	if (size > call->room)
		return -EINVAL;
	memcpy(call->data, value, (size_t)size);
	call->filled = (u32)size;
	return 0;
}

int fuse_getxattr(struct fuse_call *call)
{
	u8 value[SHARE_XATTR_MAX];
	const char *name;
	int error = fuse_name(call, &name);

	if (error)
		return error;
	return put_value(call, value,
			 share_xattr_get(call->fuse->share, call->node->name, name, value));
}

int fuse_listxattr(struct fuse_call *call)
{
	char names[SHARE_XATTR_MAX];

	return put_value(call, names, share_xattr_list(call->fuse->share, call->node->name, names));
}

int fuse_setxattr(struct fuse_call *call)
{
	const struct fuse_setxattr_in *in = call->in;
	struct share_xattr xattr = { .size = in->size, .flags = (int)in->flags };
	int error = fuse_name(call, &xattr.name);

	if (error)
		return error;
	if (in->size > call->left)
		return -EINVAL;
	if (in->size > SHARE_XATTR_MAX)
		return -E2BIG;
	xattr.data = call->rest;
	return share_xattr_set(call->fuse->share, call->node->name, &xattr);
}

int fuse_removexattr(struct fuse_call *call)
{
	struct share_xattr xattr = { 0 };
	int error = fuse_name(call, &xattr.name);

	return error ? error : share_xattr_set(call->fuse->share, call->node->name, &xattr);
}
