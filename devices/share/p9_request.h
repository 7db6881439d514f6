/* SPDX-License-Identifier: MIT */
/* Shared by the files of the 9P server: messages, the client's fids, and the kinds of requests. */
#ifndef DEVICES_SHARE_P9_REQUEST_H
#define DEVICES_SHARE_P9_REQUEST_H

#include "devices/share/p9.h"
#include "devices/share/share.h"
#include <stdio.h>

#define P9_BUCKETS 4096
#define P9_WALK_MAX 16
#define P9_NOFID UINT32_MAX
#define P9_VALUES_MAX (4 * MiB) /* of extended attributes being read or written */

/* Qid types; sizes of messages' parts before their data. */
#define P9_QTDIR 0x80
#define P9_QTSYMLINK 0x02
#define P9_QTFILE 0x00
#define P9_READ_HEADER (P9_HEADER + 4)
#define P9_IO_HEADER 24

/* The rest of a request; `bad` once it was too short or malformed. */
struct p9_in {
	const u8 *at;
	u32 left;
	bool bad;
};

/* The reply written so far; `full` once something did not fit. */
struct p9_out {
	u8 *data;
	u32 size, room;
	bool full;
};

enum p9_kind {
	P9_NAME, /* not open */
	P9_FILE,
	P9_FOLDER,
	P9_VALUE, /* an extended attribute, or a list of them, being read */
	P9_NEW_VALUE, /* an attribute being written: it is set when the complete fid is clunked */
};

struct p9_fid {
	struct p9_fid *chain;
	u32 number;
	u32 uid; /* of the user that attached */
	enum p9_kind kind;
	struct share_node *node;
	int fd; /* open file or folder, or -1 */
	u64 position; /* of an open folder */
	u8 *value;
	u32 size, filled; /* of value */
	int flags; /* of a new value */
	char *attribute; /* its name */
};

struct p9 {
	struct share *share;
	dev_t device; /* of the shared folder, whose inode numbers are passed on unchanged */
	u32 msize; /* 0: no version was agreed on */
	u32 fids, files; /* fids that exist; fids that have a descriptor */
	u32 files_max;
	u64 values; /* bytes of values */
	struct p9_fid *buckets[P9_BUCKETS];
};

/* A request that is being answered. */
struct p9_call {
	struct p9 *p9;
	struct p9_in in;
	struct p9_out out;
};

/* p9_message.c */
u8 p9_u8(struct p9_in *in);
u16 p9_u16(struct p9_in *in);
u32 p9_u32(struct p9_in *in);
u64 p9_u64(struct p9_in *in);
/* Reads a string of less than `room` bytes without NUL. */
void p9_text(struct p9_in *in, char *text, size_t room);
void p9_skip_text(struct p9_in *in);
/* Checks that the request was complete and has no further bytes: 0 or -EINVAL. */
int p9_end(const struct p9_in *in);
void p9_put8(struct p9_out *out, u8 value);
void p9_put16(struct p9_out *out, u16 value);
void p9_put32(struct p9_out *out, u32 value);
void p9_put64(struct p9_out *out, u64 value);
void p9_put_text(struct p9_out *out, const char *text, size_t size);
void p9_put_qid(struct p9_out *out, const struct p9 *p9, const struct stat *st);
/* Returns the qid type of a file's mode. */
u8 p9_qid_type(u32 mode);

/* In p9_fid.c: finds the fid whose number comes next in the request; NULL when there is none. */
struct p9_fid *p9_fid(struct p9_call *call);
struct p9_fid *p9_fid_find(struct p9 *p9, u32 number);
/* Makes a new fid; takes over the reference to node also when it fails (-EBADF in use, -EMFILE). */
int p9_fid_new(struct p9 *p9, u32 number, u32 uid, struct share_node *node);
void p9_fid_close(struct p9 *p9, struct p9_fid *fid); /* it is P9_NAME again */
void p9_fid_free(struct p9 *p9, struct p9_fid *fid);
void p9_fid_free_all(struct p9 *p9);
/* Makes room for `size` bytes of an extended attribute. */
int p9_fid_value(struct p9 *p9, struct p9_fid *fid, enum p9_kind kind, u32 size);

/* A request's function: 0, or a negative errno, which becomes the reply. */
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
/* Sets the attribute of a P9_NEW_VALUE fid to the bytes written. */
int p9_xattr_end(struct p9 *p9, const struct p9_fid *fid);

#endif
