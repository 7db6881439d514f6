/* SPDX-License-Identifier: MIT */
/*
 * A folder of the host that a guest sees. A guest reaches the host's files only through these
 * functions. A name is one component. The kernel resolves it beneath a descriptor of its folder
 * (openat2's RESOLVE_BENEATH) and never follows a symbolic link: links are data, which guests
 * resolve themselves. Only files and folders are opened, never devices, FIFOs or sockets. Functions
 * return 0 (or what they say) or a negative errno.
 *
 * If the host moves a folder out of the share while a guest is in it, the guest can still reach it
 * and all beneath it, as a process of the host could. To resolve each name from the root would cost
 * a walk for each call, and open files would still be reached.
 */
#ifndef DEVICES_SHARE_SHARE_H
#define DEVICES_SHARE_SHARE_H

#include "bus/base.h"
#include <dirent.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <time.h>

#define SHARE_NAME_MAX 255
#define SHARE_XATTR_MAX (64 * KiB) /* of a value, and of a list of names, as in Linux */

/* The place of a file's owner, mode and kind. */
enum share_security {
	SHARE_NONE, /* the host's file; a change that the host's user may not make is dropped */
	SHARE_MAPPED, /* in extended attributes user.virtfs.*, as QEMU keeps them */
};

struct share_config {
	const char *path;
	enum share_security security;
	bool readonly;
	unsigned descriptors; /* the limit: half for folders, half for files of a client */
};

struct share;
struct share_node; /* a name in the folder that a client holds; follows renames by the guest */

/* A rename from one name to another. */
struct share_renaming {
	struct share_node *from;
	const char *name;
	struct share_node *to;
	const char *new_name;
	unsigned flags; /* 0, or RENAME_NOREPLACE */
};

/* The properties of a new file; uid and gid are as the guest says. */
struct share_new {
	const char *name;
	u32 mode, uid, gid;
	dev_t device; /* of a device node */
	const char *target; /* of a symbolic link */
};

/* The properties of a file to be changed. */
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
	struct timespec times[2]; /* last access and modification; as utimensat takes them */
};

/* Opens a folder. Also -ENOSYS (the host refuses openat2) or -ENOTDIR (it is no folder). */
int share_open(struct share **share, const struct share_config *config);
void share_close(struct share *share);

/* Returns whether it is SHARE_MAPPED: kinds of entries on the host are then not the guest's. */
bool share_is_mapped(const struct share *share);
bool share_is_readonly(const struct share *share);

/* Returns how many files a client may have open. */
unsigned share_files_max(const struct share *share);

/* References: the holder returns each reference that it got or kept. */
struct share_node *share_root(struct share *share);
struct share_node *share_keep(struct share_node *node);
void share_drop(struct share *share, struct share_node *node);

/* Returns whether the guest removed or replaced the node's name. */
bool share_is_gone(const struct share_node *node);

/* Goes one step to a name, ".." or ".", never above the root. *to is a new reference. */
int share_walk(struct share *share, struct share_node *from, const char *name,
	       struct share_node **to, struct stat *st);

int share_stat(struct share *share, struct share_node *node, struct stat *st);
int share_set(struct share *share, struct share_node *node, const struct share_change *change);
int share_statfs(struct share *share, struct statfs *st);

/*
 * Open files, and return a descriptor with *st. Of `flags`, only bits that guests may set are used.
 * A file that lost its name can be opened as long as its node is kept.
 */
int share_open_node(struct share *share, struct share_node *node, int flags, struct stat *st);
int share_create(struct share *share, struct share_node *dir, const struct share_new *what,
		 int flags);

/* The reader of a folder: `take` gets each entry, and returns false if it does not fit. */
struct share_reader {
	bool (*take)(void *ctx, const struct dirent64 *entry);
	void *ctx;
	size_t bytes; /* about so many bytes of entries fit */
};

/*
 * Reads the entries of an open folder from `offset` on, in the host's order and with its offsets,
 * until the reader has enough or the folder ends. *position, kept with fd, is 0 at first.
 */
int share_read_folder(int fd, u64 *position, u64 offset, const struct share_reader *reader);

/* Make new names. what->mode decides the kind; with what->target it is a symbolic link. */
int share_make(struct share *share, struct share_node *dir, const struct share_new *what,
	       struct stat *st);
int share_link(struct share *share, struct share_node *dir, const char *name,
	       struct share_node *to);
/* Returns the size of the target, which is cut at `size` and not terminated. */
s64 share_readlink(struct share *share, struct share_node *node, char *target, size_t size);
int share_unlink(struct share *share, struct share_node *dir, const char *name, bool folder);
int share_rename(struct share *share, const struct share_renaming *renaming);
/* Removes the name of a node. */
int share_unlink_node(struct share *share, struct share_node *node);
int share_rename_node(struct share *share, struct share_node *node, struct share_node *to,
		      const char *new_name);

/* An extended attribute to be set, or (data NULL) removed. */
struct share_xattr {
	const char *name;
	const void *data;
	size_t size;
	int flags; /* as setxattr's */
};

/* Access extended attributes, only those of user.*. They return sizes, or negative errnos. */
s64 share_xattr_get(struct share *share, struct share_node *node, const char *name, void *value);
s64 share_xattr_list(struct share *share, struct share_node *node, char *names);
int share_xattr_set(struct share *share, struct share_node *node, const struct share_xattr *xattr);

#endif
