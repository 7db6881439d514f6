/* SPDX-License-Identifier: MIT */
/*
 * Requests about open folders: entries with their names only, or also with the result of a look-up
 * of each.
 */
#include "devices/share/folder.h"
#include "devices/share/fuse_request.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* A reply while it is filled. */
struct listing {
	struct fuse_call *call;
	bool plus, full;
	u32 end;
};

int fuse_opendir(struct fuse_call *call)
{
	struct fuse_open_out *out = call->out;
	struct stat st;
	int fd = share_open_node(call->fuse->share, call->node->name, O_RDONLY, &st);

	if (fd < 0)
		return fd;
	if (!S_ISDIR(st.st_mode)) {
		close(fd);
		return -ENOTDIR;
	}
	out->open_flags = call->fuse->policy->folder;
	return fuse_handle_new(call->fuse, call->node->id, fd, true, &out->fh);
}

static bool is_dots(const char *name)
{
	return !strcmp(name, ".") || !strcmp(name, "..");
}

/*
 * Adds an entry to the reply. That there is room for it is checked before the client gets a
 * reference to a node. The client gets only the name, without a node, for "." and "..", and for
 * entries that cannot be looked up now.
 */
static bool folder_take(void *ctx, const struct dirent64 *entry)
{
	struct listing *listing = ctx;
	struct fuse_call *call = listing->call;
	size_t size = strlen(entry->d_name),
	       fixed = listing->plus ? FUSE_NAME_OFFSET_DIRENTPLUS : FUSE_NAME_OFFSET;
	u8 *at = call->data + call->filled;
	u32 whole = (u32)align_up(fixed + size, sizeof(u64));
	struct fuse_dirent dirent = {
		.ino = fuse_inode(call->fuse, call->fuse->device, entry->d_ino),
		.off = (u64)entry->d_off,
		.namelen = (u32)size,
		.type = share_is_mapped(call->fuse->share) ? DT_UNKNOWN : entry->d_type,
	};

	listing->full = whole > listing->end - call->filled;
	if (listing->full)
		return false;
	memset(at, 0, whole);
	if (listing->plus && !is_dots(entry->d_name))
		fuse_lookup_node(call, entry->d_name, (struct fuse_entry_out *)at);
	memcpy(at + fixed - FUSE_NAME_OFFSET, &dirent, FUSE_NAME_OFFSET);
	memcpy(at + fixed, entry->d_name, size);
	call->filled += whole;
	return true;
}

static int folder_read(struct fuse_call *call, bool plus)
{
	const struct fuse_read_in *in = call->in;
	struct fuse_handle *handle = fuse_handle_find(call->fuse, in->fh, true);
	struct listing listing = { call, plus, false, MIN(in->size, call->room) };
	/* An entry with attributes is about four times as long as one on the host. */
	const struct share_reader reader = { folder_take, &listing, listing.end / (plus ? 4 : 1) };
	int error;

	if (!handle)
		return -EBADF;
	error = share_read_folder(handle->fd, &handle->position, in->offset, &reader);
	/* The client would take an empty reply for the end of the folder. */
	return !error && listing.full && !call->filled ? -EINVAL : error;
}

int fuse_readdir(struct fuse_call *call)
{
	return folder_read(call, false);
}

int fuse_readdirplus(struct fuse_call *call)
{
	return folder_read(call, true);
}
