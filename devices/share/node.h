/* SPDX-License-Identifier: MIT */
/*
 * An open share and its nodes, for the files that implement share.h, and no others. node.c has the
 * tree of names and their descriptors; share.c opens and closes the share; file.c, name.c,
 * folder.c and xattr.c do what guests ask for.
 */
#ifndef DEVICES_SHARE_NODE_H
#define DEVICES_SHARE_NODE_H

#include "devices/share/share.h"

#define SHARE_BUCKETS 16384
#define SHARE_DEPTH_MAX 1024 /* nested folders that can be opened */

struct share_node {
	struct share_node *parent; /* referenced; NULL: the root, or a removed name */
	struct share_node *chain; /* in the same bucket */
	struct share_node *newer, *older; /* among those with a descriptor */
	char *name;
	u32 references;
	u32 pins; /* its descriptor stays open */
	int fd; /* O_PATH: of a folder, or of a file that lost its name; -1: none */
	dev_t device; /* device and inode of fd */
	ino_t inode;
};

struct share {
	struct share_node root;
	enum share_security security;
	bool readonly;
	bool chowns; /* this process may change owners (CAP_CHOWN) */
	mode_t umask; /* of this process: what new files lack */
	u32 nodes;
	unsigned open, open_max; /* descriptors of nodes, except the root's */
	unsigned files_max;
	struct share_node *newest, *oldest;
	struct share_node *buckets[SHARE_BUCKETS];
};

/* A node's place for system calls: flags are AT_*. */
struct share_place {
	int dir;
	const char *name;
	int flags;
};

/* Calls openat2 so that it never leaves `dir` nor follows a link. */
int share_beneath(int dir, const char *name, u64 flags, u32 mode);

/* Returns whether a name can be created: one component, not "", "." or "..", without a slash. */
bool share_name_valid(const char *name);

/* Returns the node's descriptor, which belongs to the share. */
int share_dir(struct share *share, struct share_node *node);
int share_locate(struct share *share, struct share_node *node, struct share_place *place);
struct share_node *share_find(struct share *share, struct share_node *dir, const char *name);
struct share_node *share_get(struct share *share, struct share_node *dir, const char *name);
/* Gives the node a descriptor, before its name is removed. */
void share_hold(struct share *share, struct share_node *node);
/* Closes the node's descriptor: its name now belongs to another file. */
void share_stale(struct share *share, struct share_node *node);
void share_detach(struct share *share, struct share_node *node);
int share_move(struct share *share, struct share_node *node, struct share_node *dir,
	       const char *name);

#endif
