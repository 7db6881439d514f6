/* SPDX-License-Identifier: MIT */
/* Requests about the session and the client's references: init, forget, statfs. */
#include "devices/share/fuse_request.h"

#include <errno.h>
#include <string.h>

#define MINOR_MIN 31 /* the version of Linux 5.4, the first with virtio-fs */
#define MINOR 36

/*
 * The features offered. FUSE_POSIX_LOCKS and FUSE_FLOCK_LOCKS are not: there is only one client,
 * whose own kernel manages locks. Nor is FUSE_POSIX_ACL: access control lists of the host refer to
 * the host's users. Nor is FUSE_WRITEBACK_CACHE: without it writes reach the host immediately, and
 * with it work on source trees took more requests, not fewer.
 */
#define FEATURES                                                                                   \
	(FUSE_ASYNC_READ | FUSE_ATOMIC_O_TRUNC | FUSE_BIG_WRITES | FUSE_AUTO_INVAL_DATA |          \
	 FUSE_DO_READDIRPLUS | FUSE_READDIRPLUS_AUTO | FUSE_ASYNC_DIO | FUSE_PARALLEL_DIROPS |     \
	 FUSE_MAX_PAGES | FUSE_HANDLE_KILLPRIV_V2)

const struct fuse_policy *fuse_policy(enum fuse_cache cache)
{
	static const struct fuse_policy policies[] = {
		[FUSE_CACHE_AUTO] = { 1, FEATURES, 0, 0 },
		[FUSE_CACHE_NONE] = { 0, FEATURES, 0, 0 },
		[FUSE_CACHE_ALWAYS] = { 86400,
					(FEATURES & ~FUSE_AUTO_INVAL_DATA) | FUSE_CACHE_SYMLINKS,
					FOPEN_KEEP_CACHE, FOPEN_KEEP_CACHE | FOPEN_CACHE_DIR },
	};

	return &policies[cache];
}

int fuse_init(struct fuse_call *call)
{
	const struct fuse_init_in *in = call->in;
	struct fuse_init_out *out = call->out;
	struct fuse *fuse = call->fuse;
	int error;

	fuse_reset(fuse);
	out->major = FUSE_KERNEL_VERSION;
	out->minor = MINOR;
	/* A client with a newer major version repeats the request with the version in the reply. */
	if (in->major > FUSE_KERNEL_VERSION)
		return 0;
	if (in->major < FUSE_KERNEL_VERSION || in->minor < MINOR_MIN)
		return -EPROTO;
	error = fuse_root(fuse);
	if (error)
		return error;
	fuse->ready = true;
	out->flags = in->flags & fuse->policy->features;
	out->max_readahead = in->max_readahead;
	out->max_write = FUSE_DATA_MAX;
	out->max_pages = FUSE_DATA_MAX / PAGE_SIZE;
	out->time_gran = 1;
	return 0;
}

int fuse_destroy(struct fuse_call *call)
{
	fuse_reset(call->fuse);
	return 0;
}

int fuse_forget(struct fuse_call *call)
{
	const struct fuse_forget_in *in = call->in;

	fuse_forget_node(call->fuse, call->header->nodeid, in->nlookup);
	return 0;
}

/* Handles `count` entries, but not more than the message contains. */
int fuse_batch_forget(struct fuse_call *call)
{
	const struct fuse_batch_forget_in *in = call->in;
	const struct fuse_forget_one *one = (const struct fuse_forget_one *)call->rest;
	u32 count = (u32)MIN(in->count, call->left / sizeof(*one));

	for (; count; count--, one++)
		fuse_forget_node(call->fuse, one->nodeid, one->nlookup);
	return 0;
}

/*
 * Does nothing: every request is complete before the next one is received, so there is nothing to
 * interrupt.
 */
int fuse_interrupt(struct fuse_call *call)
{
	(void)call;
	return 0;
}

int fuse_statfs(struct fuse_call *call)
{
	struct fuse_statfs_out *out = call->out;
	struct statfs st;
	int error = share_statfs(call->fuse->share, &st);

	if (error)
		return error;
	out->st = (struct fuse_kstatfs){
		.blocks = st.f_blocks,
		.bfree = st.f_bfree,
		.bavail = st.f_bavail,
		.files = st.f_files,
		.ffree = st.f_ffree,
		.bsize = (u32)st.f_bsize,
		.namelen = SHARE_NAME_MAX,
		.frsize = (u32)st.f_frsize,
	};
	return 0;
}
