/* SPDX-License-Identifier: MIT */
/* Requests about open files. Data moves directly between the message and the host's file. */
#include "devices/share/p9_request.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* The protocol's flags have the values of Linux's on this host. */
static_assert(O_TRUNC == 01000 && O_APPEND == 02000 && O_DSYNC == 010000 && O_EXCL == 0200 &&
		      O_SYNC == 04010000,
	      "9P2000.L's flags are the host's");

/* Fields of Tlock. */
#define LOCK_TYPE_UNLOCK 2
#define LOCK_SUCCESS 0

static void p9_opened(struct p9_call *call, struct p9_fid *fid, int fd, const struct stat *st)
{
	fid->fd = fd;
	fid->kind = S_ISDIR(st->st_mode) ? P9_FOLDER : P9_FILE;
	fid->position = 0;
	share_pin(call->p9->share, fid->node);
	call->p9->files++;
	p9_put_qid(&call->out, call->p9, st);
	p9_put32(&call->out, call->p9->msize - P9_IO_HEADER);
}

/* Checks whether this fid may be opened. */
static int openable(const struct p9_call *call, const struct p9_fid *fid)
{
	if (p9_end(&call->in))
		return -EINVAL;
	if (!fid)
		return -EBADF;
	if (fid->kind != P9_NAME)
		return -EINVAL;
	return call->p9->files >= call->p9->files_max ? -EMFILE : 0;
}

int p9_lopen(struct p9_call *call)
{
	struct p9_fid *fid = p9_fid(call);
	int flags = (int)p9_u32(&call->in), error = openable(call, fid);
	struct stat st;

	if (!error)
		error = share_open_node(call->p9->share, fid->node, flags, &st);
	if (error < 0)
		return error;
	p9_opened(call, fid, error, &st);
	return 0;
}

int p9_lcreate(struct p9_call *call)
{
	struct share *share = call->p9->share;
	struct p9_fid *fid = p9_fid(call);
	char name[SHARE_NAME_MAX + 1];
	struct share_new what = { .name = name };
	struct share_node *node;
	struct stat st;
	int flags, fd, error;

	p9_text(&call->in, name, sizeof(name));
	flags = (int)p9_u32(&call->in);
	what.mode = p9_u32(&call->in);
	what.gid = p9_u32(&call->in);
	error = openable(call, fid);
	if (error)
		return error;
	what.uid = fid->uid;
	fd = share_create(share, fid->node, &what, flags);
	error = fd < 0 ? fd : share_walk(share, fid->node, name, &node, &st);
	if (error) {
		if (fd >= 0)
			close(fd);
		return error;
	}
	share_unref(share, fid->node);
	fid->node = node;
	p9_opened(call, fid, fd, &st);
	return 0;
}

/*
 * Reads up to `count` bytes at `offset` to `data`. Returns the number of bytes read, or a negative
 * errno.
 */
static s64 read_fid(const struct p9_fid *fid, u64 offset, u8 *data, u32 count)
{
	ssize_t got;

	if (fid->kind == P9_VALUE) {
		offset = MIN(offset, fid->size);
		count = MIN(count, fid->size - (u32)offset);
		memcpy(data, fid->value + offset, count);
		return count;
	}
	if (fid->kind != P9_FILE)
		return fid->kind == P9_FOLDER ? -EISDIR : -EBADF;
	got = offset > INT64_MAX ? 0 : pread(fid->fd, data, count, (off_t)offset);
	return got < 0 ? -errno : got;
}

int p9_read(struct p9_call *call)
{
	const struct p9_fid *fid = p9_fid(call);
	u64 offset = p9_u64(&call->in);
	u32 count = p9_u32(&call->in);
	u32 room = MIN(call->out.room, call->p9->msize) - P9_READ_HEADER;
	s64 got;

	if (p9_end(&call->in))
		return -EINVAL;
	if (!fid)
		return -EBADF;
	got = read_fid(fid, offset, call->out.data + P9_READ_HEADER, MIN(count, room));
	if (got < 0)
		return (int)got;
	p9_put32(&call->out, (u32)got);
	call->out.size += (u32)got;
	return 0;
}

static s64 write_fid(struct p9_fid *fid, u64 offset, const u8 *data, u32 count)
{
	ssize_t put;

	if (fid->kind == P9_NEW_VALUE) {
		if (offset != fid->filled || count > fid->size - fid->filled)
			return -EINVAL;
		memcpy(fid->value + offset, data, count);
		fid->filled += count;
		return count;
	}
	if (fid->kind != P9_FILE)
		return -EBADF;
	if (offset > INT64_MAX - (u64)count)
		return -EFBIG;
	put = pwrite(fid->fd, data, count, (off_t)offset);
	return put < 0 ? -errno : put;
}

int p9_write(struct p9_call *call)
{
	struct p9_fid *fid = p9_fid(call);
	u64 offset = p9_u64(&call->in);
	u32 count = p9_u32(&call->in);
	s64 put;

	if (call->in.bad || call->in.left != count)
		return -EINVAL;
	if (!fid)
		return -EBADF;
	put = write_fid(fid, offset, call->in.at, count);
	if (put < 0)
		return (int)put;
	p9_put32(&call->out, (u32)put);
	return 0;
}

int p9_fsync(struct p9_call *call)
{
	const struct p9_fid *fid = p9_fid(call);
	u32 data_only = p9_u32(&call->in);

	if (p9_end(&call->in))
		return -EINVAL;
	if (!fid || fid->fd < 0)
		return -EBADF;
	return (data_only ? fdatasync(fid->fd) : fsync(fid->fd)) ? -errno : 0;
}

/* Grants every lock: there is only one client, whose own kernel manages its locks. */
int p9_lock(struct p9_call *call)
{
	const struct p9_fid *fid = p9_fid(call);

	p9_u8(&call->in);
	p9_u32(&call->in);
	p9_u64(&call->in);
	p9_u64(&call->in);
	p9_u32(&call->in);
	p9_skip_text(&call->in);
	if (p9_end(&call->in))
		return -EINVAL;
	if (!fid || fid->fd < 0)
		return -EBADF;
	p9_put8(&call->out, LOCK_SUCCESS);
	return 0;
}

int p9_getlock(struct p9_call *call)
{
	const struct p9_fid *fid = p9_fid(call);
	char client[SHARE_NAME_MAX + 1];
	u64 start, length;
	u32 process;

	p9_u8(&call->in);
	start = p9_u64(&call->in);
	length = p9_u64(&call->in);
	process = p9_u32(&call->in);
	p9_text(&call->in, client, sizeof(client));
	if (p9_end(&call->in))
		return -EINVAL;
	if (!fid || fid->fd < 0)
		return -EBADF;
	p9_put8(&call->out, LOCK_TYPE_UNLOCK);
	p9_put64(&call->out, start);
	p9_put64(&call->out, length);
	p9_put32(&call->out, process);
	p9_put_text(&call->out, client, strlen(client));
	return 0;
}
