/* SPDX-License-Identifier: MIT */
/* The table of 9P requests, and what is common to all of them: the header, and error replies. */
#include "devices/share/p9_request.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define TYPE_OFFSET 4
#define RLERROR 7

/* The type of Tversion; a reply's type is one more than the request's. */
#define TVERSION 100

/* The requests, by type. Types that are absent here are not part of 9P2000.L. */
static p9_request *const requests[] = {
	[8] = p9_statfs,
	[12] = p9_lopen,
	[14] = p9_lcreate,
	[16] = p9_symlink,
	[18] = p9_mknod,
	[20] = p9_rename,
	[22] = p9_readlink,
	[24] = p9_getattr,
	[26] = p9_setattr,
	[30] = p9_xattrwalk,
	[32] = p9_xattrcreate,
	[40] = p9_readdir,
	[50] = p9_fsync,
	[52] = p9_lock,
	[54] = p9_getlock,
	[70] = p9_link,
	[72] = p9_mkdir,
	[74] = p9_renameat,
	[76] = p9_unlinkat,
	[TVERSION] = p9_version,
	[102] = p9_auth,
	[104] = p9_attach,
	[108] = p9_flush,
	[110] = p9_walk,
	[116] = p9_read,
	[118] = p9_write,
	[120] = p9_clunk,
	[122] = p9_remove,
};

struct p9 *p9_create(struct share *share)
{
	struct share_node *root = share_root(share);
	struct p9 *p9 = calloc(1, sizeof(*p9));
	struct stat st;

	if (p9) {
		p9->share = share;
		p9->files_max = share_files_max(share);
		p9->device = share_stat(share, root, &st) ? 0 : st.st_dev;
	}
	share_unref(share, root);
	return p9;
}

bool p9_mounted(const struct p9 *p9)
{
	return p9->fids;
}

void p9_reset(struct p9 *p9)
{
	p9_fid_free_all(p9);
	p9->msize = 0;
}

void p9_free(struct p9 *p9)
{
	if (!p9)
		return;
	p9_fid_free_all(p9);
	free(p9);
}

static int p9_run(struct p9_call *call, u8 type)
{
	if (type >= ARRAY_SIZE(requests) || !requests[type])
		return -EOPNOTSUPP;
	if (type != TVERSION && !call->p9->msize)
		return -EPROTO;
	return requests[type](call);
}

u32 p9_answer(struct p9 *p9, const u8 *request, u32 size, u8 *reply, u32 room)
{
	struct p9_call call = {
		.p9 = p9,
		.in = { .at = request + P9_HEADER, .left = size - P9_HEADER },
		.out = { .data = reply, .size = P9_HEADER, .room = room },
	};
	u8 type = request[TYPE_OFFSET];
	int error = p9->msize && size > p9->msize ? -EMSGSIZE : p9_run(&call, type);

	if (!error && call.out.full)
		error = -EMSGSIZE;
	memcpy(reply, request, P9_HEADER);
	reply[TYPE_OFFSET] = error ? RLERROR : (u8)(type + 1);
	if (error) {
		call.out.size = P9_HEADER;
		call.out.full = false;
		p9_put32(&call.out, (u32)-error);
	}
	memcpy(reply, &call.out.size, sizeof(call.out.size));
	return call.out.size;
}
