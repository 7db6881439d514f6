/* SPDX-License-Identifier: MIT */
/* Between the files of this folder: see share.h. */
#ifndef DEVICES_SHARE_PARTS_H
#define DEVICES_SHARE_PARTS_H

#include "devices/share/share.h"

#define SHARE_BUCKETS 16384
#define SHARE_DEPTH_MAX 1024 /* folders in each other that can be opened */

struct share_node {
	struct share_node *parent; /* kept; NULL: the root, or a name that is no more */
	struct share_node *chain; /* in the same bucket */
	struct share_node *newer, *older; /* among those with a descriptor */
	char *name;
	u32 references;
	u32 pins; /* its descriptor stays open */
	int fd; /* O_PATH: of a folder, or of what lost its name; -1: none */
	dev_t device; /* what fd is of */
	ino_t inode;
};

struct share {
	struct share_node root;
	enum share_security security;
	bool readonly;
	bool chowns; /* this process may give files away */
	u32 nodes;
	unsigned open, open_max; /* descriptors of nodes, without the root's */
	unsigned files_max;
	struct share_node *newest, *oldest;
	struct share_node *buckets[SHARE_BUCKETS];
};

/* Where a node is for the host's calls: flags are AT_*. */
struct share_place {
	int dir;
	const char *name;
	int flags;
};

/* openat2 that never leaves `dir` nor follows a link. */
int share_beneath(int dir, const char *name, u64 flags, u32 mode);

/* One component that can be created: not "", ".", ".." and nothing with a slash. */
bool share_name_valid(const char *name);

/* node.c */
int share_dir(struct share *share, struct share_node *node); /* its descriptor, share's own */
int share_locate(struct share *share, struct share_node *node, struct share_place *place);
struct share_node *share_find(struct share *share, struct share_node *dir, const char *name);
struct share_node *share_get(struct share *share, struct share_node *dir, const char *name);
/* Have a descriptor of it, before its name goes. */
void share_hold(struct share *share, struct share_node *node);
/* Its descriptor is of another file than its name is now. */
void share_stale(struct share *share, struct share_node *node);
void share_detach(struct share *share, struct share_node *node);
int share_move(struct share *share, struct share_node *node, struct share_node *dir,
	       const char *name);

/* mapped.c: what the attributes say of a file, and what they shall say. */
void share_mapped_stat(const struct share_place *place, struct stat *st);
int share_mapped_set(const struct share_place *place, const struct share_change *change);
int share_mapped_new(const struct share_place *place, const struct share_new *what);
bool share_mapped_name(const char *xattr);
/* The path by which calls that know no folders reach a place; its last step is never followed. */
void share_proc_path(const struct share_place *place, char *path, size_t size);

#define SHARE_PROC_PATH (SHARE_NAME_MAX + 40)

/* file.c: as the guest shall see it. */
int share_look(const struct share *share, const struct share_place *place, struct stat *st);

#endif
