/* SPDX-License-Identifier: MIT */
/*
 * A FUSE server (linux/fuse.h, from version 7.31 on, which is virtio-fs' first) for a shared
 * folder: takes requests, gives replies, knows nothing of how they travel. Each request is
 * answered when fuse_answer returns. All of a request is hostile.
 */
#ifndef DEVICES_SHARE_FUSE_H
#define DEVICES_SHARE_FUSE_H

#include "devices/device.h"

#define FUSE_REQUEST_MIN 40 /* struct fuse_in_header */
#define FUSE_REPLY_MIN 16 /* struct fuse_out_header */
#define FUSE_DATA_MAX (1 * MiB) /* that is read or written at a time */
#define FUSE_MESSAGE_MAX (FUSE_DATA_MAX + 4 * KiB)

struct fuse;
struct share;

/* NULL: no memory. The share stays the caller's. */
struct fuse *fuse_create(struct share *share, enum fuse_cache cache);
void fuse_free(struct fuse *fuse);

/* Does a client hold anything? Forget it all. */
bool fuse_mounted(const struct fuse *fuse);
void fuse_reset(struct fuse *fuse);

/*
 * Answer a request of `size` >= FUSE_REQUEST_MIN bytes: returns the size of the reply, which is
 * at most `room`; 0: there is none, because the request is of that kind, or has no room for one
 * and was not done. Both buffers are aligned to 8 bytes.
 */
u32 fuse_answer(struct fuse *fuse, const u8 *request, u32 size, u8 *reply, u32 room);

#endif
