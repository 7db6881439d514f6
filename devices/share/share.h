/* SPDX-License-Identifier: MIT */
/*
 * A folder of the host that a guest sees. All that a guest can reach of the host's files, it
 * reaches by these functions. A name is one component; each is resolved by the kernel beneath a
 * descriptor of its folder (openat2's RESOLVE_BENEATH), and no symbolic link is ever followed:
 * links are data, which guests resolve themselves. What is opened is a file or a folder, never a
 * device, a FIFO or a socket. Functions return 0 (or what they say) or a negative errno.
 *
 * A folder that the host moves out of the share while a guest is in it stays in its reach, with all
 * beneath it, as it does to a process of the host: to resolve each name from the root anew would
 * cost a walk for each call, and what is open would be reached all the same.
 */
#ifndef DEVICES_SHARE_SHARE_H
#define DEVICES_SHARE_SHARE_H

#include "bus/base.h"
#include <dirent.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <time.h>

#define SHARE_NAME_MAX 255
#define SHARE_XATTR_MAX (64 * KiB) /* of a value, and of a list of names, as Linux has it */

/* Where owner, mode and kind of a file are kept. */
enum share_security {
	SHARE_NONE, /* they are the host's file's; what the host's user may not set stays */
	SHARE_MAPPED, /* in extended attributes user.virtfs.*, as QEMU keeps them */
};

struct share_config {
	const char *path;
	enum share_security security;
	bool readonly;
	unsigned descriptors; /* that it may have: half for folders, half for files of a client */
};

struct share;
struct share_node; /* a name in the folder that somebody holds; follows renames by the guest */

/* A name that is to become another. */
struct share_renaming {
	struct share_node *from;
	const char *name;
	struct share_node *to;
	const char *new_name;
	unsigned flags; /* 0, or RENAME_NOREPLACE */
};

/* Of something new; uid and gid are what the guest says. */
struct share_new {
	const char *name;
	u32 mode, uid, gid;
	dev_t device; /* of a device node */
	const char *target; /* of a symbolic link */
};

/* What of a file is to be changed. */
enum {
	SHARE_SET_MODE = 1,
	SHARE_SET_UID = 2,
	SHARE_SET_GID = 4,
	SHARE_SET_SIZE = 8,
	SHARE_SET_TIMES = 16,
};

struct share_change {
	u32 set;
	u32 mode, uid, gid;
	u64 size;
	struct timespec times[2]; /* read, written; as utimensat takes them */
};

/* Also -ENOSYS: the host's kernel has no openat2; -ENOTDIR: not a folder. */
int share_open(struct share **share, const struct share_config *config);
void share_close(struct share *share);

/* What a folder's entries are for the host is not what they are for the guest. */
bool share_is_mapped(const struct share *share);
bool share_is_readonly(const struct share *share);

/* Files that a client may have open. */
unsigned share_files_max(const struct share *share);

/* References: the holder gives back each that it got or kept. */
struct share_node *share_root(struct share *share);
struct share_node *share_keep(struct share_node *node);
void share_drop(struct share *share, struct share_node *node);

/* It was removed, or replaced, by the guest. */
bool share_is_gone(const struct share_node *node);

/* One step to a name, ".." or ".": never above the root. A new reference in *to. */
int share_walk(struct share *share, struct share_node *from, const char *name,
	       struct share_node **to, struct stat *st);

int share_stat(struct share *share, struct share_node *node, struct stat *st);
int share_set(struct share *share, struct share_node *node, const struct share_change *change);
int share_statfs(struct share *share, struct statfs *st);

/*
 * Descriptors, with *st of what was opened. Of `flags` only what is meant for guests is used. A
 * file that lost its name can be opened as long as its node is kept.
 */
int share_open_node(struct share *share, struct share_node *node, int flags, struct stat *st);
int share_create(struct share *share, struct share_node *dir, const struct share_new *what,
		 int flags);

/* Whoever reads a folder: gets entry after entry, false when there is no room for this one. */
struct share_reader {
	bool (*take)(void *ctx, const struct dirent64 *entry);
	void *ctx;
	size_t bytes; /* for about as much of entries there is room */
};

/*
 * The entries of an open folder from `offset` on, in the host's order and with its offsets, until
 * the reader has enough or all are read. *position is the caller's to keep with fd, 0 at first.
 */
int share_read_folder(int fd, u64 *position, u64 offset, const struct share_reader *reader);

/* New names that are not open; the kind is that of what->mode, or a link for what->target. */
int share_make(struct share *share, struct share_node *dir, const struct share_new *what,
	       struct stat *st);
int share_link(struct share *share, struct share_node *dir, const char *name,
	       struct share_node *to);
/* The size of the target, which is cut at `size` and not terminated. */
s64 share_readlink(struct share *share, struct share_node *node, char *target, size_t size);
int share_unlink(struct share *share, struct share_node *dir, const char *name, bool folder);
int share_rename(struct share *share, const struct share_renaming *renaming);
/* The same of a node's own name. */
int share_unlink_node(struct share *share, struct share_node *node);
int share_rename_node(struct share *share, struct share_node *node, struct share_node *to,
		      const char *new_name);

/* An extended attribute that is to be set, or (data NULL) removed. */
struct share_xattr {
	const char *name;
	const void *data;
	size_t size;
	int flags; /* as setxattr's */
};

/* Extended attributes: user.* alone. Sizes, or negative errnos. */
s64 share_xattr_get(struct share *share, struct share_node *node, const char *name, void *value);
s64 share_xattr_list(struct share *share, struct share_node *node, char *names);
int share_xattr_set(struct share *share, struct share_node *node, const struct share_xattr *xattr);

#endif
