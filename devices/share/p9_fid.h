/* SPDX-License-Identifier: MIT */
/* The fids of a 9P client: names, open files and folders, extended attributes (p9_fid.c). */
#ifndef DEVICES_SHARE_P9_FID_H
#define DEVICES_SHARE_P9_FID_H

#include "devices/share/share.h"

struct p9;
struct p9_call;

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

/* Finds the fid whose number comes next in the request; NULL when there is none. */
struct p9_fid *p9_fid(struct p9_call *call);
struct p9_fid *p9_fid_find(struct p9 *p9, u32 number);
/* Makes a new fid. Takes over the reference to node, even if it fails (-EBADF: in use, -EMFILE). */
int p9_fid_new(struct p9 *p9, u32 number, u32 uid, struct share_node *node);
void p9_fid_close(struct p9 *p9, struct p9_fid *fid); /* it is P9_NAME again */
void p9_fid_free(struct p9 *p9, struct p9_fid *fid);
void p9_fid_free_all(struct p9 *p9);
/* Makes room for `size` bytes of an extended attribute. */
int p9_fid_value(struct p9 *p9, struct p9_fid *fid, enum p9_kind kind, u32 size);

#endif
