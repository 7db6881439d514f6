/* SPDX-License-Identifier: MIT */
/* The table of FUSE requests, and what is common to all of them: headers, lengths, errors. */
#include "devices/share/fuse_request.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static_assert(FUSE_REQUEST_MIN == sizeof(struct fuse_in_header) &&
		      FUSE_REPLY_MIN == sizeof(struct fuse_out_header),
	      "FUSE's headers");

#define NODES_MAX (1u << 20)

/* Flags of requests to which a common rule does not apply. */
enum {
	NO_NODE = 1, /* the header names no node, or one that may not exist any more */
	NO_REPLY = 2,
	EARLY = 4, /* allowed before FUSE_INIT */
	NAMES = 8, /* -ENOENT is about a name that follows, not about the node */
};

struct fuse_kind {
	fuse_request *run;
	u16 in, out; /* sizes of the structs after the headers */
	u8 flags;
};

#define IN(type) sizeof(struct fuse_##type##_in)
#define OUT(type) sizeof(struct fuse_##type##_out)
#define IN_SETXATTR FUSE_COMPAT_SETXATTR_IN_SIZE /* without FUSE_SETXATTR_EXT */
#define IN_INIT 16 /* up to `flags`; later versions have more fields */

/*
 * The reply to a request that is not in the table is -ENOSYS, after which a client no longer sends
 * it. FUSE_FLUSH is such a request: nothing is buffered here that could be lost at a close.
 */
static const struct fuse_kind kinds[] = {
	[FUSE_LOOKUP] = { fuse_lookup, 0, OUT(entry), NAMES },
	[FUSE_FORGET] = { fuse_forget, IN(forget), 0, NO_NODE | NO_REPLY },
	[FUSE_GETATTR] = { fuse_getattr, IN(getattr), OUT(attr), 0 },
	[FUSE_SETATTR] = { fuse_setattr, IN(setattr), OUT(attr), 0 },
	[FUSE_READLINK] = { fuse_readlink, 0, 0, 0 },
	[FUSE_SYMLINK] = { fuse_symlink, 0, OUT(entry), NAMES },
	[FUSE_MKNOD] = { fuse_mknod, IN(mknod), OUT(entry), NAMES },
	[FUSE_MKDIR] = { fuse_mkdir, IN(mkdir), OUT(entry), NAMES },
	[FUSE_UNLINK] = { fuse_unlink, 0, 0, NAMES },
	[FUSE_RMDIR] = { fuse_rmdir, 0, 0, NAMES },
	[FUSE_RENAME] = { fuse_rename, IN(rename), 0, NAMES },
	[FUSE_LINK] = { fuse_link, IN(link), OUT(entry), NAMES },
	[FUSE_OPEN] = { fuse_open, IN(open), OUT(open), 0 },
	[FUSE_READ] = { fuse_read, IN(read), 0, 0 },
	[FUSE_WRITE] = { fuse_write, IN(write), OUT(write), 0 },
	[FUSE_STATFS] = { fuse_statfs, 0, OUT(statfs), NO_NODE },
	[FUSE_RELEASE] = { fuse_release, IN(release), 0, NO_NODE },
	[FUSE_FSYNC] = { fuse_fsync, IN(fsync), 0, 0 },
	[FUSE_SETXATTR] = { fuse_setxattr, IN_SETXATTR, 0, 0 },
	[FUSE_GETXATTR] = { fuse_getxattr, IN(getxattr), 0, 0 },
	[FUSE_LISTXATTR] = { fuse_listxattr, IN(getxattr), 0, 0 },
	[FUSE_REMOVEXATTR] = { fuse_removexattr, 0, 0, 0 },
	[FUSE_INIT] = { fuse_init, IN_INIT, OUT(init), NO_NODE | EARLY },
	[FUSE_OPENDIR] = { fuse_opendir, IN(open), OUT(open), 0 },
	[FUSE_READDIR] = { fuse_readdir, IN(read), 0, 0 },
	[FUSE_RELEASEDIR] = { fuse_releasedir, IN(release), 0, NO_NODE },
	[FUSE_FSYNCDIR] = { fuse_fsyncdir, IN(fsync), 0, 0 },
	[FUSE_ACCESS] = { fuse_access, IN(access), 0, 0 },
	[FUSE_CREATE] = { fuse_create_file, IN(create), OUT(entry) + OUT(open), NAMES },
	[FUSE_INTERRUPT] = { fuse_interrupt, IN(interrupt), 0, NO_NODE | NO_REPLY | EARLY },
	[FUSE_DESTROY] = { fuse_destroy, 0, 0, NO_NODE | EARLY },
	[FUSE_BATCH_FORGET] = { fuse_batch_forget, IN(batch_forget), 0, NO_NODE | NO_REPLY },
	[FUSE_FALLOCATE] = { fuse_fallocate, IN(fallocate), 0, 0 },
	[FUSE_READDIRPLUS] = { fuse_readdirplus, IN(read), 0, 0 },
	[FUSE_RENAME2] = { fuse_rename2, IN(rename2), 0, NAMES },
	[FUSE_LSEEK] = { fuse_lseek, IN(lseek), OUT(lseek), 0 },
	[FUSE_COPY_FILE_RANGE] = { fuse_copy_file_range, IN(copy_file_range), OUT(write), 0 },
};

int fuse_text(struct fuse_call *call, const char **text, size_t max)
{
	const u8 *end = memchr(call->rest, 0, call->left);
	size_t size;

	if (!end)
		return -EINVAL;
	size = (size_t)(end - call->rest);
	*text = (const char *)call->rest;
	call->rest += size + 1;
	call->left -= (u32)size + 1;
	return size > max ? -ENAMETOOLONG : 0;
}

struct fuse *fuse_create(struct share *share, enum fuse_cache cache)
{
	struct share_node *root = share_root(share);
	struct fuse *fuse = calloc(1, sizeof(*fuse));
	struct stat st;

	if (fuse) {
		fuse->share = share;
		fuse->policy = fuse_policy(cache);
		fuse->nodes.max = NODES_MAX;
		fuse->handles.max = share_files_max(share);
		fuse->device = share_stat(share, root, &st) ? 0 : st.st_dev;
	}
	share_unref(share, root);
	return fuse;
}

bool fuse_mounted(const struct fuse *fuse)
{
	return fuse->ready;
}

void fuse_reset(struct fuse *fuse)
{
	fuse_handles_clear(fuse);
	fuse_nodes_clear(fuse);
	fuse->ready = false;
}

void fuse_free(struct fuse *fuse)
{
	if (!fuse)
		return;
	fuse_reset(fuse);
	free(fuse);
}

/*
 * Checks that the arguments are complete, and that there is room for the reply, before anything is
 * changed.
 */
static int prepare(struct fuse_call *call, const struct fuse_kind *kind)
{
	if (!kind || !kind->run)
		return -ENOSYS;
	if (call->left < kind->in || call->room < kind->out)
		return -EINVAL;
	call->rest += kind->in;
	call->left -= kind->in;
	call->data += kind->out;
	call->room -= kind->out;
	if (kind->out)
		memset(call->out, 0, kind->out);
	if (!call->fuse->ready && !(kind->flags & EARLY))
		return -ESTALE;
	if (kind->flags & NO_NODE)
		return 0;
	call->node = fuse_node_find(call->fuse, call->header->nodeid);
	return call->node ? 0 : -ESTALE;
}

/*
 * Runs a request. If the file of a node has no name any more, because the client or another program
 * of the host has removed it, there may be another file of this name, or another name that the
 * client knows: -ESTALE makes the client look it up and repeat the request.
 */
static int fuse_run(struct fuse_call *call, const struct fuse_kind *kind)
{
	int error = prepare(call, kind);

	if (error)
		return error;
	error = kind->run(call);
	if (error == -ENOENT && call->node &&
	    (!(kind->flags & NAMES) || share_is_gone(call->node->name)))
		return -ESTALE;
	return error;
}

u32 fuse_answer(struct fuse *fuse, const u8 *request, u32 size, u8 *reply, u32 room)
{
	const struct fuse_in_header *header = (const struct fuse_in_header *)request;
	const struct fuse_kind *kind = header->opcode < ARRAY_SIZE(kinds) ? &kinds[header->opcode] :
									    NULL;
	struct fuse_out_header *answer = (struct fuse_out_header *)reply;
	struct fuse_call call = {
		.fuse = fuse,
		.header = header,
		.in = header + 1,
		.rest = request + sizeof(*header),
		.left = size - (u32)sizeof(*header),
		.out = answer + 1,
		.data = (u8 *)(answer + 1),
		.room = room - (u32)sizeof(*answer),
	};
	bool silent = kind && (kind->flags & NO_REPLY);
	int error;

	if (silent)
		call.room = 0;
	else if (room < sizeof(*answer))
		return 0;
	error = fuse_run(&call, kind);
	if (silent)
		return 0;
	*answer = (struct fuse_out_header){ sizeof(*answer), error, header->unique };
	if (!error)
		answer->len = (u32)(call.data - reply) + call.filled;
	return answer->len;
}
