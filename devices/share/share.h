/* SPDX-License-Identifier: MIT */
/*
 * A folder of the host that a guest can mount. A guest reaches the host's files only through these
 * functions. A name is one component. The kernel resolves it beneath a descriptor of its folder
 * (openat2's RESOLVE_BENEATH) and never follows a symbolic link: links are data, which guests
 * resolve themselves. Only files and folders are opened, never devices, FIFOs or sockets. Functions
 * return 0 (or what their comments say) or a negative errno.
 *
 * If the host moves a folder out of the share while a guest is in it, the guest can still access it
 * and everything beneath it, as a process of the host could. Resolving each name from the root
 * would cost a walk for each call, and would not affect files that are open.
 */
#ifndef DEVICES_SHARE_SHARE_H
#define DEVICES_SHARE_SHARE_H

#include "bus/base.h"
#include <sys/stat.h>
#include <sys/statfs.h>
#include <time.h>

#define SHARE_NAME_MAX 255
#define SHARE_XATTR_MAX (64 * KiB) /* bytes of a value, and of a list of names, as in Linux */

/* Where a file's owner, mode and type are stored. */
enum share_security {
	SHARE_NONE, /* in the host's file; changes that the host's user may not make are dropped */
	SHARE_MAPPED, /* in extended attributes user.virtfs.*, as QEMU keeps them */
};

struct share_config {
	const char *path;
	enum share_security security;
	bool readonly;
	unsigned descriptors; /* the limit: half for folders, half for a client's files */
};

struct share;
struct share_node; /* a name in the share to which a client refers; follows renames by the guest */

/* A rename: of `name` in folder `from` to `new_name` in folder `to`. */
struct share_renaming {
	struct share_node *from;
	const char *name;
	struct share_node *to;
	const char *new_name;
	unsigned flags; /* of renameat2: RENAME_NOREPLACE, _EXCHANGE, _WHITEOUT */
};

/* The properties of a new file; uid and gid are those that the guest requests. */
struct share_new {
	const char *name;
	u32 mode, uid, gid;
	dev_t device; /* for a device node */
	const char *target; /* for a symbolic link */
};

/* The properties of a file that are to be changed. */
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
	struct timespec times[2]; /* times of last access and modification, as for utimensat */
};

/* Opens a share. Errors include -ENOSYS (openat2 is refused) and -ENOTDIR (it is no folder). */
int share_open(struct share **share, const struct share_config *config);
void share_close(struct share *share);

/* Returns whether it is SHARE_MAPPED: the types of files on the host are not the guest's then. */
bool share_is_mapped(const struct share *share);
bool share_is_readonly(const struct share *share);

/* Returns how many files a client may have open. */
unsigned share_files_max(const struct share *share);

/* share_root and share_ref return a new reference; its holder drops it by share_unref. */
struct share_node *share_root(struct share *share);
struct share_node *share_ref(struct share_node *node);
void share_unref(struct share *share, struct share_node *node);

/*
 * While a node is pinned, the share does not close its descriptor to make room for others. A client
 * pins the nodes of its open files: a file that is removed then has nothing else to be found by.
 * The pins are limited as open files are, and with them the descriptors.
 */
void share_pin(struct share *share, struct share_node *node);
void share_unpin(struct share *share, struct share_node *node);

/* Returns whether the guest has removed or replaced the node's name. */
bool share_is_gone(const struct share_node *node);

/* Looks up a name, ".." or ".", but never above the root. *to is a new reference. */
int share_walk(struct share *share, struct share_node *from, const char *name,
	       struct share_node **to, struct stat *st);

int share_stat(struct share *share, struct share_node *node, struct stat *st);
int share_set(struct share *share, struct share_node *node, const struct share_change *change);
int share_statfs(struct share *share, struct statfs *st);

/*
 * Open files, and return a descriptor; share_open_node sets *st. Of `flags`, only bits that guests
 * may set are used. A file whose name was removed can be opened as long as there is a reference to
 * its node.
 */
int share_open_node(struct share *share, struct share_node *node, int flags, struct stat *st);
int share_create(struct share *share, struct share_node *dir, const struct share_new *what,
		 int flags);

/* Create new names. what->mode gives the type; if what->target is set, it is a symbolic link. */
int share_make(struct share *share, struct share_node *dir, const struct share_new *what,
	       struct stat *st);
int share_link(struct share *share, struct share_node *dir, const char *name,
	       struct share_node *to);
/* Returns the size of the target, which is truncated to `size` and has no NUL. */
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
	int flags; /* as for setxattr */
};

/* Access extended attributes; only those of user.*. They return sizes or a negative errno. */
s64 share_xattr_get(struct share *share, struct share_node *node, const char *name, void *value);
s64 share_xattr_list(struct share *share, struct share_node *node, char *names);
int share_xattr_set(struct share *share, struct share_node *node, const struct share_xattr *xattr);

#endif
