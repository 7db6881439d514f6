/* SPDX-License-Identifier: MIT */
/* Requests about the attributes of a file. */
#include "devices/share/p9_request.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define GETATTR_BASIC 0x7ff

/* Bits of Tsetattr. */
#define VALID_MODE 0x001
#define VALID_UID 0x002
#define VALID_GID 0x004
#define VALID_SIZE 0x008
#define VALID_ATIME 0x010
#define VALID_MTIME 0x020
#define VALID_ATIME_SET 0x080
#define VALID_MTIME_SET 0x100

static void put_time(struct p9_out *out, const struct timespec *time)
{
	p9_put64(out, (u64)time->tv_sec);
	p9_put64(out, (u64)time->tv_nsec);
}

int p9_getattr(struct p9_call *call)
{
	static const struct timespec never;
	struct p9_out *out = &call->out;
	const struct p9_fid *fid = p9_fid(call);
	u32 unit = call->p9->msize - P9_IO_HEADER;
	struct stat st;
	int error;

	p9_u64(&call->in);
	error = p9_end(&call->in) ? -EINVAL : !fid ? -EBADF : 0;
	if (!error)
		error = share_stat(call->p9->share, fid->node, &st);
	if (error)
		return error;
	p9_put64(out, GETATTR_BASIC);
	p9_put_qid(out, call->p9, &st);
	p9_put32(out, st.st_mode);
	p9_put32(out, st.st_uid);
	p9_put32(out, st.st_gid);
	p9_put64(out, st.st_nlink);
	p9_put64(out, st.st_rdev);
	p9_put64(out, (u64)st.st_size);
	/* The block size, in which programs read and write, is as large as a message allows. */
	p9_put64(out, MAX(align_down(unit, PAGE_SIZE), (u64)st.st_blksize));
	p9_put64(out, (u64)st.st_blocks);
	put_time(out, &st.st_atim);
	put_time(out, &st.st_mtim);
	put_time(out, &st.st_ctim);
	put_time(out, &never); /* the time of birth */
	p9_put64(out, 0); /* generation */
	p9_put64(out, 0); /* data version */
	return 0;
}

/* Returns the new value of a time: unchanged, now, or as in the request. */
static struct timespec time_of(struct p9_in *in, bool change, bool given)
{
	struct timespec time;

	time.tv_sec = (time_t)p9_u64(in);
	time.tv_nsec = (long)p9_u64(in);
	if (!change)
		time.tv_nsec = UTIME_OMIT;
	else if (!given)
		time.tv_nsec = UTIME_NOW;
	return time;
}

int p9_setattr(struct p9_call *call)
{
	const struct p9_fid *fid = p9_fid(call);
	struct p9_in *in = &call->in;
	u32 valid = p9_u32(in);
	struct share_change change = {
		.set = valid & (VALID_MODE | VALID_UID | VALID_GID | VALID_SIZE),
	};

	change.mode = p9_u32(in);
	change.uid = p9_u32(in);
	change.gid = p9_u32(in);
	change.size = p9_u64(in);
	change.times[0] = time_of(in, valid & VALID_ATIME, valid & VALID_ATIME_SET);
	change.times[1] = time_of(in, valid & VALID_MTIME, valid & VALID_MTIME_SET);
	if (valid & (VALID_ATIME | VALID_MTIME))
		change.set |= SHARE_SET_TIMES;
	if (p9_end(in))
		return -EINVAL;
	return fid ? share_set(call->p9->share, fid->node, &change) : -EBADF;
}

static int read_value(struct p9 *p9, struct p9_fid *fid, const char *name)
{
	u8 value[SHARE_XATTR_MAX];
	s64 size = *name ? share_xattr_get(p9->share, fid->node, name, value) :
			   share_xattr_list(p9->share, fid->node, (char *)value);
	int error = size < 0 ? (int)size : p9_fid_value(p9, fid, P9_VALUE, (u32)size);

	if (!error)
		memcpy(fid->value, value, (size_t)size);
	return error;
}

int p9_xattrwalk(struct p9_call *call)
{
	struct p9 *p9 = call->p9;
	struct p9_fid *fid = p9_fid(call), *value;
	u32 number = p9_u32(&call->in);
	char name[SHARE_NAME_MAX + 1];
	int error;

	p9_text(&call->in, name, sizeof(name));
	error = p9_end(&call->in) ? -EINVAL : !fid || fid->kind >= P9_VALUE ? -EBADF : 0;
	if (!error)
		error = p9_fid_new(p9, number, fid->uid, share_ref(fid->node));
	if (error)
		return error;
	value = p9_fid_find(p9, number);
	error = read_value(p9, value, name);
	if (error)
		p9_fid_free(p9, value);
	else
		p9_put64(&call->out, value->size);
	return error;
}

int p9_xattrcreate(struct p9_call *call)
{
	struct p9_fid *fid = p9_fid(call);
	char name[SHARE_NAME_MAX + 1];
	u64 size;
	u32 flags;
	int error;

	p9_text(&call->in, name, sizeof(name));
	size = p9_u64(&call->in);
	flags = p9_u32(&call->in);
	if (p9_end(&call->in) || !*name)
		return -EINVAL;
	if (!fid || fid->kind != P9_NAME)
		return -EBADF;
	fid->flags = (int)flags;
	error = size > SHARE_XATTR_MAX ? -E2BIG :
					 p9_fid_value(call->p9, fid, P9_NEW_VALUE, (u32)size);
	if (error)
		return error;
	fid->attribute = strdup(name);
	if (!fid->attribute)
		p9_fid_close(call->p9, fid);
	return fid->kind == P9_NAME ? -ENOMEM : 0;
}

/*
 * Sets the attribute whose value has been written to a fid. In 9P2000.L an empty value removes the
 * attribute.
 */
int p9_xattr_end(struct p9 *p9, const struct p9_fid *fid)
{
	const struct share_xattr xattr = {
		.name = fid->attribute,
		.data = fid->size ? fid->value : NULL,
		.size = fid->size,
		.flags = fid->flags,
	};

	if (fid->filled != fid->size)
		return -EINVAL;
	return share_xattr_set(p9->share, fid->node, &xattr);
}
