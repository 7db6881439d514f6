/* SPDX-License-Identifier: MIT */
/*
 * Keeps the files that a client knows, which are found by node id, and by the host's device and
 * inode.
 */
#include "devices/share/fuse_node.h"

#include "devices/share/fuse_request.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/sysmacros.h>

static struct fuse_node **node_place(struct fuse *fuse, dev_t device, ino_t inode)
{
	u64 hash = (inode ^ (u64)device << 32) * 0x9e3779b97f4a7c15;
	struct fuse_node **at = &fuse->buckets[(hash >> 32) % FUSE_BUCKETS];

	while (*at && ((*at)->device != device || (*at)->inode != inode))
		at = &(*at)->chain;
	return at;
}

struct fuse_node *fuse_node_find(const struct fuse *fuse, u64 id)
{
	return slots_get(&fuse->nodes, id);
}

static void name_drop(struct fuse *fuse, struct fuse_node *node)
{
	if (node->opens)
		share_unpin(fuse->share, node->name);
	share_unref(fuse->share, node->name);
}

/*
 * Returns the node of `st` with one more reference. Takes over the reference `name`, even if it
 * fails.
 */
static struct fuse_node *node_get(struct fuse *fuse, struct share_node *name, const struct stat *st)
{
	struct fuse_node **at = node_place(fuse, st->st_dev, st->st_ino), *node = *at;

	if (node) {
		if (node->opens)
			share_pin(fuse->share, name);
		name_drop(fuse, node);
		node->name = name;
		node->lookups++;
		return node;
	}
	node = calloc(1, sizeof(*node));
	if (node)
		node->id = slots_add(&fuse->nodes, node);
	if (!node || !node->id) {
		share_unref(fuse->share, name);
		free(node);
		return NULL;
	}
	node->device = st->st_dev;
	node->inode = st->st_ino;
	node->name = name;
	node->lookups = 1;
	*at = node;
	return node;
}

/* Makes the root. It is the first node, so its id is FUSE_ROOT_ID. */
int fuse_root(struct fuse *fuse)
{
	struct share_node *root = share_root(fuse->share);
	struct stat st;
	int error = share_stat(fuse->share, root, &st);

	if (error) {
		share_unref(fuse->share, root);
		return error;
	}
	return node_get(fuse, root, &st) ? 0 : -ENOMEM;
}

u64 fuse_inode(const struct fuse *fuse, dev_t device, ino_t inode)
{
	/* Inode numbers of other file systems mounted in the folder must differ from its own. */
	return inode ^ (u64)(device ^ fuse->device) << 40;
}

void fuse_put_attr(const struct fuse *fuse, const struct stat *st, struct fuse_attr *attr)
{
	unsigned minor = minor(st->st_rdev);

	*attr = (struct fuse_attr){
		.ino = fuse_inode(fuse, st->st_dev, st->st_ino),
		.size = (u64)st->st_size,
		.blocks = (u64)st->st_blocks,
		.atime = (u64)st->st_atim.tv_sec,
		.mtime = (u64)st->st_mtim.tv_sec,
		.ctime = (u64)st->st_ctim.tv_sec,
		.atimensec = (u32)st->st_atim.tv_nsec,
		.mtimensec = (u32)st->st_mtim.tv_nsec,
		.ctimensec = (u32)st->st_ctim.tv_nsec,
		.mode = st->st_mode,
		.nlink = (u32)st->st_nlink,
		.uid = st->st_uid,
		.gid = st->st_gid,
		.rdev = (minor & 0xff) | major(st->st_rdev) << 8 | (minor & ~0xffu) << 12,
		.blksize = (u32)st->st_blksize,
	};
}

int fuse_lookup_node(struct fuse_call *call, const char *name, struct fuse_entry_out *entry)
{
	struct fuse *fuse = call->fuse;
	struct share_node *found;
	struct fuse_node *node;
	struct stat st;
	int error = share_walk(fuse->share, call->node->name, name, &found, &st);

	if (error)
		return error;
	node = node_get(fuse, found, &st);
	if (!node)
		return -ENFILE;
	*entry = (struct fuse_entry_out){
		.nodeid = node->id,
		.entry_valid = fuse->policy->seconds,
		.attr_valid = fuse->policy->seconds,
	};
	fuse_put_attr(fuse, &st, &entry->attr);
	return 0;
}

static void drop(void *ctx, void *thing)
{
	struct fuse_node *node = thing;
	struct fuse *fuse = ctx;

	*node_place(fuse, node->device, node->inode) = node->chain;
	name_drop(fuse, node);
	free(node);
}

/*
 * Takes back references of a client. If it returns more than it has, it returns all. The root is
 * kept.
 */
void fuse_forget_node(struct fuse *fuse, u64 id, u64 lookups)
{
	struct fuse_node *node = fuse_node_find(fuse, id);

	if (!node || id == FUSE_ROOT_ID)
		return;
	node->lookups -= MIN(node->lookups, lookups);
	if (node->lookups)
		return;
	slots_remove(&fuse->nodes, id);
	drop(fuse, node);
}

void fuse_node_opened(struct fuse *fuse, u64 id)
{
	struct fuse_node *node = fuse_node_find(fuse, id);

	if (!node->opens++)
		share_pin(fuse->share, node->name);
}

void fuse_node_closed(struct fuse *fuse, u64 id)
{
	struct fuse_node *node = fuse_node_find(fuse, id);

	if (node && !--node->opens)
		share_unpin(fuse->share, node->name);
}

void fuse_nodes_clear(struct fuse *fuse)
{
	slots_clear(&fuse->nodes, drop, fuse);
}
