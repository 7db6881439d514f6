/* SPDX-License-Identifier: MIT */
/* Requests that make, link, rename and remove names. */
#include "devices/share/p9_request.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/sysmacros.h>

/* Makes the requested file in the folder `dir`, and replies with its qid. */
static int p9_make(struct p9_call *call, const struct p9_fid *dir, struct share_new *what)
{
	struct stat st;
	int error = p9_end(&call->in);

	if (!error && !dir)
		error = -EBADF;
	if (error)
		return error;
	what->uid = dir->uid;
	error = share_make(call->p9->share, dir->node, what, &st);
	if (!error)
		p9_put_qid(&call->out, call->p9, &st);
	return error;
}

int p9_symlink(struct p9_call *call)
{
	const struct p9_fid *dir = p9_fid(call);
	char name[SHARE_NAME_MAX + 1], target[PATH_MAX];
	struct share_new what = { .name = name, .target = target };

	p9_text(&call->in, name, sizeof(name));
	p9_text(&call->in, target, sizeof(target));
	what.gid = p9_u32(&call->in);
	return p9_make(call, dir, &what);
}

int p9_mknod(struct p9_call *call)
{
	const struct p9_fid *dir = p9_fid(call);
	char name[SHARE_NAME_MAX + 1];
	struct share_new what = { .name = name };
	u32 major, minor;

	p9_text(&call->in, name, sizeof(name));
	what.mode = p9_u32(&call->in);
	major = p9_u32(&call->in);
	minor = p9_u32(&call->in);
	what.device = makedev(major, minor);
	what.gid = p9_u32(&call->in);
	if (S_ISDIR(what.mode) || S_ISLNK(what.mode))
		return -EINVAL;
	return p9_make(call, dir, &what);
}

int p9_mkdir(struct p9_call *call)
{
	const struct p9_fid *dir = p9_fid(call);
	char name[SHARE_NAME_MAX + 1];
	struct share_new what = { .name = name };

	p9_text(&call->in, name, sizeof(name));
	what.mode = S_IFDIR | (p9_u32(&call->in) & 07777);
	what.gid = p9_u32(&call->in);
	return p9_make(call, dir, &what);
}

int p9_link(struct p9_call *call)
{
	const struct p9_fid *dir = p9_fid(call), *fid = p9_fid(call);
	char name[SHARE_NAME_MAX + 1];

	p9_text(&call->in, name, sizeof(name));
	if (p9_end(&call->in))
		return -EINVAL;
	if (!dir || !fid)
		return -EBADF;
	return share_link(call->p9->share, dir->node, name, fid->node);
}

int p9_readlink(struct p9_call *call)
{
	const struct p9_fid *fid = p9_fid(call);
	char target[PATH_MAX];
	s64 size;

	if (p9_end(&call->in))
		return -EINVAL;
	if (!fid)
		return -EBADF;
	size = share_readlink(call->p9->share, fid->node, target, sizeof(target));
	if (size < 0)
		return (int)size;
	p9_put_text(&call->out, target, (size_t)size);
	return 0;
}

int p9_rename(struct p9_call *call)
{
	const struct p9_fid *fid = p9_fid(call), *dir = p9_fid(call);
	char name[SHARE_NAME_MAX + 1];

	p9_text(&call->in, name, sizeof(name));
	if (p9_end(&call->in))
		return -EINVAL;
	if (!fid || !dir)
		return -EBADF;
	return share_rename_node(call->p9->share, fid->node, dir->node, name);
}

int p9_renameat(struct p9_call *call)
{
	char name[SHARE_NAME_MAX + 1], new_name[SHARE_NAME_MAX + 1];
	const struct p9_fid *from = p9_fid(call), *to;
	struct share_renaming renaming = { .name = name, .new_name = new_name };

	p9_text(&call->in, name, sizeof(name));
	to = p9_fid(call);
	p9_text(&call->in, new_name, sizeof(new_name));
	if (p9_end(&call->in))
		return -EINVAL;
	if (!from || !to)
		return -EBADF;
	renaming.from = from->node;
	renaming.to = to->node;
	return share_rename(call->p9->share, &renaming);
}

int p9_unlinkat(struct p9_call *call)
{
	const struct p9_fid *dir = p9_fid(call);
	char name[SHARE_NAME_MAX + 1];
	u32 flags;

	p9_text(&call->in, name, sizeof(name));
	flags = p9_u32(&call->in);
	if (p9_end(&call->in) || (flags & ~(u32)AT_REMOVEDIR))
		return -EINVAL;
	if (!dir)
		return -EBADF;
	return share_unlink(call->p9->share, dir->node, name, flags & AT_REMOVEDIR);
}

/* Removes a file. Also frees the fid, as Tclunk does, whether the removal succeeds or not. */
int p9_remove(struct p9_call *call)
{
	struct p9_fid *fid = p9_fid(call);
	int error;

	if (p9_end(&call->in))
		return -EINVAL;
	if (!fid)
		return -EBADF;
	error = share_unlink_node(call->p9->share, fid->node);
	p9_fid_free(call->p9, fid);
	return error;
}
