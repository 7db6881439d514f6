/* SPDX-License-Identifier: MIT */
/* Keeps the client's fids, whose number is limited, as is the memory for values of attributes. */
#include "devices/share/p9_fid.h"

#include "devices/share/p9_request.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define FIDS_MAX (1u << 17)

static struct p9_fid **fid_place(struct p9 *p9, u32 number)
{
	struct p9_fid **at = &p9->buckets[number % P9_BUCKETS];

	while (*at && (*at)->number != number)
		at = &(*at)->chain;
	return at;
}

struct p9_fid *p9_fid_find(struct p9 *p9, u32 number)
{
	return *fid_place(p9, number);
}

struct p9_fid *p9_fid(struct p9_call *call)
{
	return p9_fid_find(call->p9, p9_u32(&call->in));
}

int p9_fid_new(struct p9 *p9, u32 number, u32 uid, struct share_node *node)
{
	struct p9_fid **at = fid_place(p9, number), *fid = NULL;
	int error = *at || number == P9_NOFID ? -EBADF : p9->fids == FIDS_MAX ? -EMFILE : 0;

	if (!error)
		fid = calloc(1, sizeof(*fid));
	if (!fid) {
		share_unref(p9->share, node);
		return error ? error : -ENOMEM;
	}
	*fid = (struct p9_fid){ .number = number, .uid = uid, .node = node, .fd = -1 };
	*at = fid;
	p9->fids++;
	return 0;
}

void p9_fid_close(struct p9 *p9, struct p9_fid *fid)
{
	if (fid->fd >= 0) {
		close(fid->fd);
		share_unpin(p9->share, fid->node);
		p9->files--;
	}
	free(fid->value);
	free(fid->attribute);
	p9->values -= fid->size;
	fid->fd = -1;
	fid->value = NULL;
	fid->attribute = NULL;
	fid->size = fid->filled = 0;
	fid->kind = P9_NAME;
}

void p9_fid_free(struct p9 *p9, struct p9_fid *fid)
{
	*fid_place(p9, fid->number) = fid->chain;
	p9_fid_close(p9, fid);
	share_unref(p9->share, fid->node);
	free(fid);
	p9->fids--;
}

void p9_fid_free_all(struct p9 *p9)
{
	for (unsigned n = 0; n < P9_BUCKETS; n++)
		while (p9->buckets[n])
			p9_fid_free(p9, p9->buckets[n]);
}

int p9_fid_value(struct p9 *p9, struct p9_fid *fid, enum p9_kind kind, u32 size)
{
	if (size > SHARE_XATTR_MAX)
		return -E2BIG;
	if (p9->values + size > P9_VALUES_MAX)
		return -ENOSPC;
	fid->value = calloc(MAX(size, 1u), 1);
	if (!fid->value)
		return -ENOMEM;
	p9->values += size;
	fid->size = size;
	fid->filled = 0;
	fid->kind = kind;
	return 0;
}
