/* SPDX-License-Identifier: MIT */
/*
 * An open share and its nodes, for the files that implement share.h, and no others. node.c has the
 * tree of names and their descriptors; share.c opens and closes the share; file.c, name.c, folder.c
 * and xattr.c execute the requests of guests.
 */
#ifndef DEVICES_SHARE_NODE_H
#define DEVICES_SHARE_NODE_H

#include "devices/share/share.h"

#define SHARE_BUCKETS 16384
#define SHARE_DEPTH_MAX 1024 /* the deepest nesting of folders that can be opened */

struct share_node {
	struct share_node *parent; /* with a reference; NULL: the root, or a removed name */
	struct share_node *chain; /* the next node in the same bucket */
	/* neighbours in the list of nodes whose descriptors may be closed, by last use */
	struct share_node *newer, *older;
	char *name;
	u32 references;
	u32 pins; /* while it is not 0, the descriptor stays open */
	int fd; /* with O_PATH, of a folder, or of a file whose name was removed; -1: none */
	dev_t device; /* the device and inode of fd */
	ino_t inode;
};

struct share {
	struct share_node root;
	enum share_security security;
	bool readonly;
	bool chowns; /* this process may change owners (CAP_CHOWN) */
	mode_t umask; /* of this process: the bits that new files do not get */
	u32 nodes;
	/* how many nodes have descriptors, without the root; and the limit */
	unsigned open, open_max;
	unsigned files_max;
	struct share_node *newest, *oldest;
	struct share_node *buckets[SHARE_BUCKETS];
};

/* The arguments by which system calls find a node; flags are AT_*. */
struct share_place {
	int dir;
	const char *name;
	int flags;
};

/*
 * Opens a file by openat2, which can neither leave `dir` nor follow a link. Returns a descriptor or
 * a negative errno.
 */
int share_beneath(int dir, const char *name, u64 flags, u32 mode);

/* Returns whether a file can have this name: one component that is not "", "." or "..". */
bool share_name_valid(const char *name);

/* Returns the descriptor of a folder, which belongs to the share, or a negative errno. */
int share_dir(struct share *share, struct share_node *node);
/*
 * Finds the place of a node. Returns 0 or a negative errno: -ENOENT if its name was removed and it
 * has no descriptor.
 */
int share_locate(struct share *share, struct share_node *node, struct share_place *place);
/*
 * share_find returns the node of a name if there is one, or NULL. share_get returns it with a new
 * reference, and creates it if necessary; NULL without memory, or if there are too many.
 */
struct share_node *share_find(struct share *share, struct share_node *dir, const char *name);
struct share_node *share_get(struct share *share, struct share_node *dir, const char *name);
/* Opens a descriptor for the node, before its name is removed. */
void share_hold(struct share *share, struct share_node *node);
/* Closes the node's descriptor, because its name now belongs to another file. */
void share_stale(struct share *share, struct share_node *node);
/* Removes a node's name from the tree. */
void share_detach(struct share *share, struct share_node *node);
/* Moves a node to another folder and name. A node that was there loses its name. */
int share_move(struct share *share, struct share_node *node, struct share_node *dir,
	       const char *name);
/* Exchanges the folders and names of two nodes that have names. */
void share_exchange(struct share *share, struct share_node *a, struct share_node *b);

#endif
