/* SPDX-License-Identifier: MIT */
/* Requests about the session and about fids: version, attach, walk, clunk. */
#include "devices/share/p9_request.h"

#include <errno.h>
#include <string.h>

#define VERSION "9P2000.L"
#define V9FS_MAGIC 0x01021997

int p9_version(struct p9_call *call)
{
	struct p9 *p9 = call->p9;
	u32 msize = p9_u32(&call->in);
	const char *answer = "unknown";
	char version[32];

	p9_text(&call->in, version, sizeof(version));
	p9_reset(p9);
	msize = (u32)MIN(msize, P9_MSIZE_MAX);
	if (p9_end(&call->in) || msize < P9_MSIZE_MIN)
		return -EINVAL;
	if (!strcmp(version, VERSION)) {
		answer = VERSION;
		p9->msize = msize;
	}
	p9_put32(&call->out, msize);
	p9_put_text(&call->out, answer, strlen(answer));
	return 0;
}

/*
 * Refuses authentication, because none is required: the user who shared the folder has decided who
 * may access it.
 */
int p9_auth(struct p9_call *call)
{
	(void)call;
	return -EOPNOTSUPP;
}

int p9_attach(struct p9_call *call)
{
	struct share *share = call->p9->share;
	u32 number = p9_u32(&call->in), auth = p9_u32(&call->in), uid;
	struct share_node *root;
	struct stat st;
	int error;

	p9_skip_text(&call->in);
	p9_skip_text(&call->in);
	uid = p9_u32(&call->in);
	if (p9_end(&call->in) || auth != P9_NOFID)
		return -EINVAL;
	root = share_root(share);
	error = share_stat(share, root, &st);
	if (error) {
		share_unref(share, root);
		return error;
	}
	error = p9_fid_new(call->p9, number, uid, root);
	if (!error)
		p9_put_qid(&call->out, call->p9, &st);
	return error;
}

/*
 * Walks as far as the names exist. Returns the number of steps, with the node that was reached in
 * *at, or a negative errno.
 */
static int steps(struct p9_call *call, u16 count, struct share_node **at, struct stat *found)
{
	struct share *share = call->p9->share;
	char name[SHARE_NAME_MAX + 1];
	struct share_node *next;
	u16 taken = 0;
	int error = 0;

	for (u16 n = 0; n < count; n++) {
		p9_text(&call->in, name, sizeof(name));
		if (call->in.bad)
			return -EINVAL;
		/* The names after a missing one are checked only for their form. */
		if (!error)
			error = share_walk(share, *at, name, &next, &found[n]);
		if (error)
			continue;
		share_unref(share, *at);
		*at = next;
		taken++;
	}
	return p9_end(&call->in) ? -EINVAL : error && !taken ? error : taken;
}

int p9_walk(struct p9_call *call)
{
	struct p9 *p9 = call->p9;
	struct p9_fid *fid = p9_fid(call);
	u32 number = p9_u32(&call->in);
	u16 count = p9_u16(&call->in);
	struct stat found[P9_WALK_MAX];
	struct share_node *at;
	int taken, error = 0;

	if (!fid)
		return -EBADF;
	if (count > P9_WALK_MAX || fid->kind >= P9_VALUE ||
	    (number == fid->number && fid->kind != P9_NAME))
		return -EINVAL;
	at = share_ref(fid->node);
	taken = steps(call, count, &at, found);
	if (taken != count) {
		share_unref(p9->share, at);
	} else if (number == fid->number) {
		share_unref(p9->share, fid->node);
		fid->node = at;
	} else {
		error = p9_fid_new(p9, number, fid->uid, at);
	}
	if (taken < 0 || error)
		return taken < 0 ? taken : error;
	p9_put16(&call->out, (u16)taken);
	for (int n = 0; n < taken; n++)
		p9_put_qid(&call->out, p9, &found[n]);
	return 0;
}

/* Frees a fid, even if its attribute cannot be set. */
int p9_clunk(struct p9_call *call)
{
	struct p9_fid *fid = p9_fid(call);
	int error = 0;

	if (p9_end(&call->in))
		return -EINVAL;
	if (!fid)
		return -EBADF;
	if (fid->kind == P9_NEW_VALUE)
		error = p9_xattr_end(call->p9, fid);
	p9_fid_free(call->p9, fid);
	return error;
}

/*
 * Does nothing: every request is complete before the next one is received, so there is nothing to
 * flush.
 */
int p9_flush(struct p9_call *call)
{
	p9_u16(&call->in);
	return p9_end(&call->in);
}

int p9_statfs(struct p9_call *call)
{
	struct p9_out *out = &call->out;
	struct p9_fid *fid = p9_fid(call);
	struct statfs st;
	u64 id;
	int error = p9_end(&call->in);

	if (!error)
		error = fid ? share_statfs(call->p9->share, &st) : -EBADF;
	if (error)
		return error;
	memcpy(&id, &st.f_fsid, sizeof(id));
	p9_put32(out, V9FS_MAGIC);
	p9_put32(out, (u32)st.f_bsize);
	p9_put64(out, st.f_blocks);
	p9_put64(out, st.f_bfree);
	p9_put64(out, st.f_bavail);
	p9_put64(out, st.f_files);
	p9_put64(out, st.f_ffree);
	p9_put64(out, id);
	p9_put32(out, SHARE_NAME_MAX);
	return 0;
}
