/* SPDX-License-Identifier: MIT */
/* The nodes of a FUSE client: the files that it knows (fuse_node.c). */
#ifndef DEVICES_SHARE_FUSE_NODE_H
#define DEVICES_SHARE_FUSE_NODE_H

#include "bus/base.h"

#include <linux/fuse.h>
#include <sys/stat.h>

struct fuse;
struct fuse_call;
struct share_node;

/* A file that the client knows. All of its names (hard links) are one node. */
struct fuse_node {
	struct fuse_node *chain; /* the next node in the same bucket */
	u64 id;
	dev_t device;
	ino_t inode;
	struct share_node *name; /* the name by which it was looked up last */
	u64 lookups; /* references that the client has not returned */
	u32 opens; /* open handles of the file; while it is not 0, `name` is pinned */
};

/* Returns the node with this id, or NULL. */
struct fuse_node *fuse_node_find(const struct fuse *fuse, u64 id);
/* Creates the root node, which must be the first one. */
int fuse_root(struct fuse *fuse);
/* Looks up a name in the folder call->node. The client gets one more reference to its node. */
int fuse_lookup_node(struct fuse_call *call, const char *name, struct fuse_entry_out *entry);
void fuse_put_attr(const struct fuse *fuse, const struct stat *st, struct fuse_attr *attr);
/* Returns the inode number that the client gets for a file of the host. */
u64 fuse_inode(const struct fuse *fuse, dev_t device, ino_t inode);
/* Takes back `lookups` references from the client. */
void fuse_forget_node(struct fuse *fuse, u64 id, u64 lookups);
/*
 * Count the open handles of a node. A client may have returned its references before it closes the
 * file; then there is no node any more, and fuse_node_closed does nothing.
 */
void fuse_node_opened(struct fuse *fuse, u64 id);
void fuse_node_closed(struct fuse *fuse, u64 id);
void fuse_nodes_clear(struct fuse *fuse);

#endif
