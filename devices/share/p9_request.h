/* SPDX-License-Identifier: MIT */
/*
 * A 9P client and its requests, for the files of the server and no others. p9.c receives requests
 * and has the table of the functions that execute them, which are in the other files. p9_message.h
 * reads and writes messages, and p9_fid.h has the client's fids.
 */
#ifndef DEVICES_SHARE_P9_REQUEST_H
#define DEVICES_SHARE_P9_REQUEST_H

#include "devices/share/p9.h"
#include "devices/share/p9_fid.h"
#include "devices/share/p9_message.h"
#include "devices/share/share.h"
#include <stdio.h>

#define P9_BUCKETS 4096
#define P9_WALK_MAX 16
#define P9_NOFID UINT32_MAX
#define P9_VALUES_MAX (4 * MiB) /* all extended attributes that are being read or written */

struct p9 {
	struct share *share;
	dev_t device; /* of the shared folder, whose inode numbers are passed on unchanged */
	u32 msize; /* the agreed maximum of a message's size; 0: no version was agreed on */
	u32 fids, files; /* fids that exist; fids that have a descriptor */
	u32 files_max;
	u64 values; /* bytes of the values of all fids */
	struct p9_fid *buckets[P9_BUCKETS];
};

/* A request that is being executed. */
struct p9_call {
	struct p9 *p9;
	struct p9_in in;
	struct p9_out out;
};

/* A function that executes a request. Returns 0 or a negative errno, which becomes the reply. */
typedef int p9_request(struct p9_call *call);

/* p9_session.c */
p9_request p9_version, p9_auth, p9_attach, p9_walk, p9_clunk, p9_flush, p9_statfs;
/* p9_name.c */
p9_request p9_symlink, p9_mknod, p9_mkdir, p9_link, p9_readlink;
p9_request p9_rename, p9_renameat, p9_unlinkat, p9_remove;
/* p9_file.c */
p9_request p9_lopen, p9_lcreate, p9_read, p9_write, p9_fsync, p9_lock, p9_getlock;
/* p9_folder.c */
p9_request p9_readdir;
/* p9_attribute.c */
p9_request p9_getattr, p9_setattr, p9_xattrwalk, p9_xattrcreate;
/* Sets the extended attribute of a P9_NEW_VALUE fid to the bytes that were written. */
int p9_xattr_end(struct p9 *p9, const struct p9_fid *fid);

#endif
