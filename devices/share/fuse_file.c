/* SPDX-License-Identifier: MIT */
/* Requests about open files. Data moves directly between the message and the host's file. */
#include "devices/share/fuse_request.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <unistd.h>

/* The protocol's flags have the values of Linux's on this host. */
static_assert(O_TRUNC == 01000 && O_APPEND == 02000 && O_DSYNC == 010000 && O_EXCL == 0200 &&
		      O_SYNC == 04010000,
	      "FUSE's flags are the host's");

#define ALLOCATE_MODES (FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE)
#define COPY_MAX (16 * MiB) /* at a time, so that the machine is not stopped for long */

int fuse_kill_suidgid(struct fuse_call *call)
{
	struct share_change change = { .set = SHARE_SET_MODE };
	struct stat st;
	int error = share_stat(call->fuse->share, call->node->name, &st);

	if (error || !S_ISREG(st.st_mode))
		return error;
	change.mode = st.st_mode & ~(u32)S_ISUID;
	if (st.st_mode & S_IXGRP)
		change.mode &= ~(u32)S_ISGID;
	if (change.mode == st.st_mode)
		return 0;
	return share_set(call->fuse->share, call->node->name, &change);
}

static int fuse_opened(struct fuse_call *call, u64 node, int fd, struct fuse_open_out *out)
{
	out->open_flags = call->fuse->policy->file;
	return fuse_handle_new(call->fuse, node, fd, false, &out->fh);
}

int fuse_open(struct fuse_call *call)
{
	const struct fuse_open_in *in = call->in;
	struct stat st;
	int error = in->open_flags & FUSE_OPEN_KILL_SUIDGID ? fuse_kill_suidgid(call) : 0, fd;

	if (error)
		return error;
	fd = share_open_node(call->fuse->share, call->node->name, (int)in->flags, &st);
	if (fd >= 0 && S_ISDIR(st.st_mode)) {
		close(fd);
		fd = -EISDIR;
	}
	return fd < 0 ? fd : fuse_opened(call, call->node->id, fd, call->out);
}

int fuse_create_file(struct fuse_call *call)
{
	const struct fuse_create_in *in = call->in;
	struct share_new what = { .mode = S_IFREG | (in->mode & 07777) };
	struct fuse_entry_out *entry = call->out;
	int error = fuse_name(call, &what.name), fd;

	if (!error)
		error = fuse_owner(call, &what);
	if (error)
		return error;
	fd = share_create(call->fuse->share, call->node->name, &what, (int)in->flags);
	error = fd < 0 ? fd : fuse_lookup_node(call, what.name, entry);
	if (error) {
		if (fd >= 0)
			close(fd);
		return error;
	}
	error = fuse_opened(call, entry->nodeid, fd, (struct fuse_open_out *)(entry + 1));
	if (error)
		fuse_forget_node(call->fuse, entry->nodeid, 1);
	return error;
}

static const struct fuse_handle *file(const struct fuse_call *call, u64 id)
{
	return fuse_handle_find(call->fuse, id, false);
}

int fuse_read(struct fuse_call *call)
{
	const struct fuse_read_in *in = call->in;
	const struct fuse_handle *handle = file(call, in->fh);
	ssize_t got;

	if (!handle)
		return -EBADF;
	got = in->offset > INT64_MAX ?
		      0 :
		      pread(handle->fd, call->data, MIN(in->size, call->room), (off_t)in->offset);
	call->filled = got < 0 ? 0 : (u32)got;
	return got < 0 ? -errno : 0;
}

int fuse_write(struct fuse_call *call)
{
	const struct fuse_write_in *in = call->in;
	const struct fuse_handle *handle = file(call, in->fh);
	struct fuse_write_out *out = call->out;
	ssize_t put;
	int error = 0;

	if (in->size > call->left)
		return -EINVAL;
	if (!handle)
		return -EBADF;
	if (in->offset > INT64_MAX - (u64)in->size)
		return -EFBIG;
	if (in->write_flags & FUSE_WRITE_KILL_SUIDGID)
		error = fuse_kill_suidgid(call);
	if (error)
		return error;
	put = pwrite(handle->fd, call->rest, in->size, (off_t)in->offset);
	out->size = put < 0 ? 0 : (u32)put;
	return put < 0 ? -errno : 0;
}

int fuse_fallocate(struct fuse_call *call)
{
	const struct fuse_fallocate_in *in = call->in;
	const struct fuse_handle *handle = file(call, in->fh);

	if (!handle)
		return -EBADF;
	if (in->mode & ~(u32)ALLOCATE_MODES)
		return -EOPNOTSUPP;
	if (in->offset > INT64_MAX || in->length > INT64_MAX)
		return -EFBIG;
	return fallocate(handle->fd, (int)in->mode, (off_t)in->offset, (off_t)in->length) ? -errno :
											    0;
}

/* Finds data and holes. The client itself computes other positions. */
int fuse_lseek(struct fuse_call *call)
{
	const struct fuse_lseek_in *in = call->in;
	const struct fuse_handle *handle = file(call, in->fh);
	struct fuse_lseek_out *out = call->out;
	off_t found;

	if (!handle)
		return -EBADF;
	if (in->whence != SEEK_DATA && in->whence != SEEK_HOLE)
		return -EINVAL;
	found = in->offset > INT64_MAX ? -1 : lseek(handle->fd, (off_t)in->offset, (int)in->whence);
	if (found < 0)
		return in->offset > INT64_MAX ? -ENXIO : -errno;
	out->offset = (u64)found;
	return 0;
}

int fuse_copy_file_range(struct fuse_call *call)
{
	const struct fuse_copy_file_range_in *in = call->in;
	const struct fuse_handle *from = file(call, in->fh_in), *to = file(call, in->fh_out);
	struct fuse_write_out *out = call->out;
	off64_t from_offset = (off64_t)in->off_in, to_offset = (off64_t)in->off_out;
	ssize_t copied;

	if (!from || !to)
		return -EBADF;
	if (in->off_in > INT64_MAX || in->off_out > INT64_MAX || in->flags)
		return -EINVAL;
	copied = copy_file_range(from->fd, &from_offset, to->fd, &to_offset, MIN(in->len, COPY_MAX),
				 0);
	out->size = copied < 0 ? 0 : (u32)copied;
	return copied < 0 ? -errno : 0;
}
