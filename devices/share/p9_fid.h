/* SPDX-License-Identifier: MIT */
/*
 * The fids of a 9P client, which stand for names, open files and folders, and extended attributes
 * (p9_fid.c).
 */
#ifndef DEVICES_SHARE_P9_FID_H
#define DEVICES_SHARE_P9_FID_H

#include "devices/share/share.h"

struct p9;
struct p9_call;

enum p9_kind {
	P9_NAME, /* a name, which is not open */
	P9_FILE,
	P9_FOLDER,
	P9_VALUE, /* an extended attribute that is being read, or a list of their names */
	/* an attribute that is being written; it is set when the fid is clunked and is complete */
	P9_NEW_VALUE,
};

struct p9_fid {
	struct p9_fid *chain;
	u32 number;
	u32 uid; /* the user of the Tattach */
	enum p9_kind kind;
	struct share_node *node;
	int fd; /* descriptor of the open file or folder, or -1 */
	u64 position; /* position of an open folder (share_read_folder) */
	u8 *value;
	u32 size, filled; /* bytes of `value`; how many of them were written */
	int flags; /* P9_NEW_VALUE: flags of setxattr */
	char *attribute; /* P9_NEW_VALUE: the attribute's name */
};

/* Returns the fid whose number is next in the request, or NULL if there is none. */
struct p9_fid *p9_fid(struct p9_call *call);
struct p9_fid *p9_fid_find(struct p9 *p9, u32 number);
/*
 * Creates a fid. Takes ownership of the reference to node, even if it fails. Returns 0, -EBADF if
 * the number is in use, -EMFILE or -ENOMEM.
 */
int p9_fid_new(struct p9 *p9, u32 number, u32 uid, struct share_node *node);
void p9_fid_close(struct p9 *p9, struct p9_fid *fid); /* it becomes P9_NAME again */
void p9_fid_free(struct p9 *p9, struct p9_fid *fid);
void p9_fid_free_all(struct p9 *p9);
/* Allocates `size` bytes for the value of an extended attribute. Returns 0 or a negative errno. */
int p9_fid_value(struct p9 *p9, struct p9_fid *fid, enum p9_kind kind, u32 size);

#endif
