/* SPDX-License-Identifier: MIT */
/* Handles Treaddir: converts the entries that share_read_folder() returns to 9P's format. */
#include "devices/share/folder.h"
#include "devices/share/p9_request.h"

#include <errno.h>
#include <string.h>

#define ENTRY_SIZE 24 /* qid[13] offset[8] type[1] and the name's length[2] */

/* A reply while it is filled. */
struct listing {
	struct p9_call *call;
	u32 end;
	bool full;
};

static bool put_entry(void *ctx, const struct dirent64 *entry)
{
	struct listing *listing = ctx;
	struct p9_call *call = listing->call;
	struct stat st = { .st_ino = entry->d_ino, .st_dev = call->p9->device };
	size_t size = strlen(entry->d_name);

	listing->full = call->out.size + ENTRY_SIZE + size > listing->end;
	if (listing->full)
		return false;
	st.st_mode = (mode_t)DTTOIF(entry->d_type);
	p9_put_qid(&call->out, call->p9, &st);
	p9_put64(&call->out, (u64)entry->d_off);
	p9_put8(&call->out, share_is_mapped(call->p9->share) ? DT_UNKNOWN : entry->d_type);
	p9_put_text(&call->out, entry->d_name, size);
	return true;
}

int p9_readdir(struct p9_call *call)
{
	struct p9_fid *fid = p9_fid(call);
	u64 offset = p9_u64(&call->in);
	u32 count = p9_u32(&call->in), start = call->out.size, size;
	u32 room = MIN(call->out.room, call->p9->msize) - P9_READ_HEADER;
	struct listing listing = { call, P9_READ_HEADER + MIN(count, room), false };
	const struct share_reader reader = { put_entry, &listing, MIN(count, room) };
	int error;

	if (p9_end(&call->in))
		return -EINVAL;
	if (!fid || fid->kind != P9_FOLDER)
		return -EBADF;
	p9_put32(&call->out, 0);
	error = share_read_folder(fid->fd, &fid->position, offset, &reader);
	size = call->out.size - P9_READ_HEADER;
	/* The client would take an empty reply for the end of the folder. */
	if (!error && listing.full && !size)
		error = -EINVAL;
	memcpy(call->out.data + start, &size, sizeof(size));
	return error;
}
