/* SPDX-License-Identifier: MIT */
/* The open files and folders of a FUSE client, by handle (fuse_handle.c). */
#ifndef DEVICES_SHARE_FUSE_HANDLE_H
#define DEVICES_SHARE_FUSE_HANDLE_H

#include "bus/base.h"

struct fuse;

struct fuse_handle {
	u64 id;
	u64 node; /* the id of the node, which the client may have forgotten */
	int fd;
	bool folder;
	u64 position; /* position of an open folder (share_read_folder) */
};

/*
 * Adds an open file or folder of a node that exists, and sets *id to its new handle. Takes
 * ownership of fd, even if it fails.
 */
int fuse_handle_new(struct fuse *fuse, u64 node, int fd, bool folder, uint64_t *id);
/* Returns the open file, or folder, with this handle, or NULL. */
struct fuse_handle *fuse_handle_find(const struct fuse *fuse, u64 id, bool folder);
void fuse_handles_clear(struct fuse *fuse);

#endif
