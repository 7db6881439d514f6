/* SPDX-License-Identifier: MIT */
/* The nodes of a FUSE client: files that it knows, each with all its names (fuse_node.c). */
#ifndef DEVICES_SHARE_FUSE_NODE_H
#define DEVICES_SHARE_FUSE_NODE_H

#include "bus/base.h"

#include <linux/fuse.h>
#include <sys/stat.h>

struct fuse;
struct fuse_call;
struct share_node;

/* A file that the client knows: all its names (hard links) are one node. */
struct fuse_node {
	struct fuse_node *chain; /* in the same bucket */
	u64 id;
	dev_t device;
	ino_t inode;
	struct share_node *name; /* the name by which it was looked up last */
	u64 lookups; /* references that the client has not returned */
};

struct fuse_node *fuse_node_find(const struct fuse *fuse, u64 id);
int fuse_root(struct fuse *fuse);
/* Looks a name up; the client gets one more reference to its node. */
int fuse_enter(struct fuse_call *call, const char *name, struct fuse_entry_out *entry);
void fuse_put_attr(const struct fuse *fuse, const struct stat *st, struct fuse_attr *attr);
u64 fuse_inode(const struct fuse *fuse, dev_t device, ino_t inode);
/* The client returns `lookups` references. */
void fuse_leave(struct fuse *fuse, u64 id, u64 lookups);
void fuse_nodes_clear(struct fuse *fuse);

#endif
