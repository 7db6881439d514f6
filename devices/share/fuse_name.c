/* SPDX-License-Identifier: MIT */
/* Requests that look up, make, link, rename and remove names. */
#include "devices/share/fuse_request.h"

#include <errno.h>
#include <limits.h>
#include <sys/sysmacros.h>

/*
 * Looks a name up. If there is no such name, the reply says so in a form that the client may cache
 * (a negative entry), provided that the policy allows caching and the folder still exists.
 */
int fuse_lookup(struct fuse_call *call)
{
	struct fuse_entry_out *out = call->out;
	const char *name;
	int error = fuse_name(call, &name);

	if (!error)
		error = fuse_lookup_node(call, name, out);
	if (error != -ENOENT || !call->fuse->policy->seconds || share_is_gone(call->node->name))
		return error;
	out->entry_valid = call->fuse->policy->seconds;
	return 0;
}

/*
 * Sets the caller as the owner. In a set-gid folder the group is that of the folder (inode(7));
 * clients leave this rule to the server.
 */
int fuse_owner(struct fuse_call *call, struct share_new *what)
{
	struct stat st;
	int error = share_stat(call->fuse->share, call->node->name, &st);

	if (error)
		return error;
	what->uid = call->header->uid;
	what->gid = call->header->gid;
	if (st.st_mode & S_ISGID) {
		what->gid = st.st_gid;
		what->mode |= S_ISDIR(what->mode) ? S_ISGID : 0;
	}
	return 0;
}

static int fuse_make(struct fuse_call *call, struct share_new *what)
{
	struct stat st;
	int error = fuse_owner(call, what);

	if (!error)
		error = share_make(call->fuse->share, call->node->name, what, &st);
	return error ? error : fuse_lookup_node(call, what->name, call->out);
}

int fuse_mknod(struct fuse_call *call)
{
	const struct fuse_mknod_in *in = call->in;
	struct share_new what = { .mode = in->mode };
	int error = fuse_name(call, &what.name);

	if (error || S_ISDIR(in->mode) || S_ISLNK(in->mode))
		return error ? error : -EINVAL;
	what.device = makedev(bits(in->rdev, 8, 12), (in->rdev & 0xff) | (in->rdev >> 12 & ~0xffu));
	return fuse_make(call, &what);
}

int fuse_mkdir(struct fuse_call *call)
{
	const struct fuse_mkdir_in *in = call->in;
	struct share_new what = { .mode = S_IFDIR | (in->mode & 07777) };
	int error = fuse_name(call, &what.name);

	return error ? error : fuse_make(call, &what);
}

int fuse_symlink(struct fuse_call *call)
{
	struct share_new what = { 0 };
	int error = fuse_name(call, &what.name);

	if (!error)
		error = fuse_text(call, &what.target, PATH_MAX - 1);
	return error ? error : fuse_make(call, &what);
}

int fuse_link(struct fuse_call *call)
{
	const struct fuse_link_in *in = call->in;
	const struct fuse_node *node = fuse_node_find(call->fuse, in->oldnodeid);
	const char *name;
	int error = fuse_name(call, &name);

	if (error)
		return error;
	if (!node || share_is_gone(node->name))
		return -ESTALE;
	error = share_link(call->fuse->share, call->node->name, name, node->name);
	return error ? error : fuse_lookup_node(call, name, call->out);
}

int fuse_readlink(struct fuse_call *call)
{
	s64 size = share_readlink(call->fuse->share, call->node->name, (char *)call->data,
				  MIN(call->room, PATH_MAX - 1));

	call->filled = size < 0 ? 0 : (u32)size;
	return size < 0 ? (int)size : 0;
}

static int remove_name(struct fuse_call *call, bool folder)
{
	const char *name;
	int error = fuse_name(call, &name);

	return error ? error : share_unlink(call->fuse->share, call->node->name, name, folder);
}

int fuse_unlink(struct fuse_call *call)
{
	return remove_name(call, false);
}

int fuse_rmdir(struct fuse_call *call)
{
	return remove_name(call, true);
}

static int rename_names(struct fuse_call *call, u64 to, unsigned flags)
{
	const struct fuse_node *node = fuse_node_find(call->fuse, to);
	struct share_renaming renaming = { .from = call->node->name, .flags = flags };
	int error = fuse_name(call, &renaming.name);

	if (!error)
		error = fuse_name(call, &renaming.new_name);
	if (error)
		return error;
	if (!node)
		return -ESTALE;
	renaming.to = node->name;
	return share_rename(call->fuse->share, &renaming);
}

int fuse_rename(struct fuse_call *call)
{
	const struct fuse_rename_in *in = call->in;

	return rename_names(call, in->newdir, 0);
}

int fuse_rename2(struct fuse_call *call)
{
	const struct fuse_rename2_in *in = call->in;

	return rename_names(call, in->newdir, in->flags);
}
