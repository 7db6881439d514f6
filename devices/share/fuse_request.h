/* SPDX-License-Identifier: MIT */
/*
 * A FUSE client and its requests, for the files of the server and no others. fuse.c receives
 * requests and has the table of the functions that execute them, which are in the other files.
 * fuse_node.h has the client's nodes, and fuse_handle.h the files that it has opened.
 */
#ifndef DEVICES_SHARE_FUSE_REQUEST_H
#define DEVICES_SHARE_FUSE_REQUEST_H

#include "devices/share/fuse.h"
#include "devices/share/fuse_handle.h"
#include "devices/share/fuse_node.h"
#include "devices/share/share.h"
#include "devices/share/slots.h"

#include <linux/fuse.h>

#define FUSE_BUCKETS 16384

/* The parameters that follow from enum fuse_cache. */
struct fuse_policy {
	u64 seconds; /* for how long names and attributes are valid */
	u32 features; /* those of the reply to FUSE_INIT */
	u32 file, folder; /* FOPEN_* flags of open files and folders */
};

struct fuse {
	struct share *share;
	const struct fuse_policy *policy;
	dev_t device; /* of the shared folder, whose inode numbers are passed on unchanged */
	bool ready; /* FUSE_INIT was received */
	struct slots nodes, handles;
	struct fuse_node *buckets[FUSE_BUCKETS]; /* by device and inode */
};

/* A request that is being executed. */
struct fuse_call {
	struct fuse *fuse;
	const struct fuse_in_header *header;
	struct fuse_node *node; /* the node that the header names */
	const void *in; /* the arguments, of the size in the table of requests */
	const u8 *rest; /* the bytes after the arguments */
	u32 left;
	void *out; /* the reply's struct, initially zeros, of the size in that table */
	u8 *data; /* the data after that struct */
	u32 room, filled;
};

/* A function that executes a request. Returns 0 or a negative errno, which becomes the reply. */
typedef int fuse_request(struct fuse_call *call);

/* Finds the next string after the arguments: at most `max` bytes and a NUL. */
int fuse_text(struct fuse_call *call, const char **text, size_t max);
static inline int fuse_name(struct fuse_call *call, const char **name)
{
	return fuse_text(call, name, SHARE_NAME_MAX);
}

/*
 * Clears the set-uid and set-gid bits of a program that was changed by a user who has no right to
 * keep them.
 */
int fuse_kill_suidgid(struct fuse_call *call);

/* fuse_session.c */
const struct fuse_policy *fuse_policy(enum fuse_cache cache);
fuse_request fuse_init, fuse_destroy, fuse_statfs, fuse_forget, fuse_batch_forget, fuse_interrupt;
/* fuse_name.c */
fuse_request fuse_lookup, fuse_mknod, fuse_mkdir, fuse_symlink, fuse_link, fuse_readlink;
fuse_request fuse_unlink, fuse_rmdir, fuse_rename, fuse_rename2, fuse_create_file;
/* Sets the owner of a new file from the request's header. */
int fuse_owner(struct fuse_call *call, struct share_new *what);
/* fuse_attribute.c */
fuse_request fuse_getattr, fuse_setattr, fuse_access;
fuse_request fuse_getxattr, fuse_listxattr, fuse_setxattr, fuse_removexattr;
/* fuse_handle.c, fuse_file.c, fuse_folder.c */
fuse_request fuse_open, fuse_opendir, fuse_release, fuse_releasedir;
fuse_request fuse_read, fuse_write, fuse_fsync, fuse_fsyncdir, fuse_fallocate, fuse_lseek;
fuse_request fuse_copy_file_range, fuse_readdir, fuse_readdirplus;

#endif
