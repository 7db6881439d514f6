/* SPDX-License-Identifier: MIT */
/* Treaddir: entries of a folder in the host's order; the host's offsets are the guest's. */
#include "devices/share/p9_parts.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#define ENTRY_SIZE 24 /* qid[13] offset[8] type[1] and the name's length[2] */
#define POSITION_UNKNOWN UINT64_MAX

/* False when there is no room for it below `end`. */
static bool put_entry(struct p9_call *call, const struct dirent64 *entry, u32 end)
{
	struct stat st = { .st_ino = entry->d_ino, .st_dev = call->p9->device };
	size_t size = strlen(entry->d_name);

	if (call->out.size + ENTRY_SIZE + size > end)
		return false;
	st.st_mode = (mode_t)DTTOIF(entry->d_type);
	p9_put_qid(&call->out, call->p9, &st);
	p9_put64(&call->out, (u64)entry->d_off);
	p9_put8(&call->out, share_is_mapped(call->p9->share) ? DT_UNKNOWN : entry->d_type);
	p9_put_text(&call->out, entry->d_name, size);
	return true;
}

/* Entries up to `end`; the number of bytes, or a negative errno. */
static s64 fill(struct p9_call *call, struct p9_fid *fid, u32 end)
{
	_Alignas(struct dirent64) u8 data[32 * KiB];
	u32 begin = call->out.size;
	ssize_t size;

	while ((size = getdents64(fid->fd, data, sizeof(data))) > 0) {
		const struct dirent64 *entry;

		for (ssize_t at = 0; at < size; at += entry->d_reclen) {
			entry = (const struct dirent64 *)(data + at);
			if (!put_entry(call, entry, end))
				goto full;
			fid->position = (u64)entry->d_off;
		}
	}
	return size < 0 ? -errno : (s64)call->out.size - begin;
full:
	fid->position = POSITION_UNKNOWN;
	/* Not a single one: the client would take it for the end. */
	return call->out.size > begin ? (s64)call->out.size - begin : -EINVAL;
}

int p9_readdir(struct p9_call *call)
{
	struct p9_fid *fid = p9_fid(call);
	u64 offset = p9_u64(&call->in);
	u32 count = p9_u32(&call->in), start = call->out.size, size;
	u32 room = MIN(call->out.room, call->p9->msize) - P9_READ_HEADER;
	s64 got;

	if (p9_end(&call->in))
		return -EINVAL;
	if (!fid || fid->kind != P9_FOLDER)
		return -EBADF;
	if (offset > INT64_MAX ||
	    (offset != fid->position && lseek(fid->fd, (off_t)offset, SEEK_SET) < 0))
		return -EINVAL;
	p9_put32(&call->out, 0);
	got = fill(call, fid, P9_READ_HEADER + MIN(count, room));
	if (got < 0)
		return (int)got;
	size = (u32)got;
	memcpy(call->out.data + start, &size, sizeof(size));
	return 0;
}
