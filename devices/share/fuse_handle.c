/* SPDX-License-Identifier: MIT */
/* Open files and folders: each has a descriptor, and their number is limited. */
#include "devices/share/fuse_handle.h"

#include "devices/share/fuse_request.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int fuse_handle_new(struct fuse *fuse, u64 node, int fd, bool folder, uint64_t *id)
{
	struct fuse_handle *handle = calloc(1, sizeof(*handle));

	if (handle)
		handle->id = slots_add(&fuse->handles, handle);
	if (!handle || !handle->id) {
		free(handle);
		close(fd);
		return handle ? -EMFILE : -ENOMEM;
	}
	fuse_node_opened(fuse, node);
	handle->node = node;
	handle->fd = fd;
	handle->folder = folder;
	*id = handle->id;
	return 0;
}

struct fuse_handle *fuse_handle_find(const struct fuse *fuse, u64 id, bool folder)
{
	struct fuse_handle *handle = slots_get(&fuse->handles, id);

	return handle && handle->folder == folder ? handle : NULL;
}

static void drop(void *ctx, void *thing)
{
	struct fuse_handle *handle = thing;

	fuse_node_closed(ctx, handle->node);
	close(handle->fd);
	free(handle);
}

void fuse_handles_clear(struct fuse *fuse)
{
	slots_clear(&fuse->handles, drop, fuse);
}

static int handle_release(struct fuse_call *call, bool folder)
{
	const struct fuse_release_in *in = call->in;
	struct fuse_handle *handle = fuse_handle_find(call->fuse, in->fh, folder);

	if (!handle)
		return -EBADF;
	slots_remove(&call->fuse->handles, in->fh);
	drop(call->fuse, handle);
	return 0;
}

int fuse_release(struct fuse_call *call)
{
	return handle_release(call, false);
}

int fuse_releasedir(struct fuse_call *call)
{
	return handle_release(call, true);
}

static int sync_handle(struct fuse_call *call, bool folder)
{
	const struct fuse_fsync_in *in = call->in;
	const struct fuse_handle *handle = fuse_handle_find(call->fuse, in->fh, folder);
	bool data_only = in->fsync_flags & FUSE_FSYNC_FDATASYNC;

	if (!handle)
		return -EBADF;
	return (data_only ? fdatasync(handle->fd) : fsync(handle->fd)) ? -errno : 0;
}

int fuse_fsync(struct fuse_call *call)
{
	return sync_handle(call, false);
}

int fuse_fsyncdir(struct fuse_call *call)
{
	return sync_handle(call, true);
}
