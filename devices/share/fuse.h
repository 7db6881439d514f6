/* SPDX-License-Identifier: MIT */
/*
 * A FUSE server (linux/fuse.h, from version 7.31 on, the first of virtio-fs) for a shared folder:
 * it takes requests and gives replies, independent of the transport. A request is complete when
 * fuse_answer returns. All of a request is hostile.
 */
#ifndef DEVICES_SHARE_FUSE_H
#define DEVICES_SHARE_FUSE_H

#include "devices/device.h"

#define FUSE_REQUEST_MIN 40 /* struct fuse_in_header */
#define FUSE_REPLY_MIN 16 /* struct fuse_out_header */
#define FUSE_DATA_MAX (1 * MiB) /* most bytes read or written at a time */
#define FUSE_MESSAGE_MAX (FUSE_DATA_MAX + 4 * KiB)

struct fuse;
struct share;

/* Returns NULL when out of memory. The share belongs to the caller. */
struct fuse *fuse_create(struct share *share, enum fuse_cache cache);
void fuse_free(struct fuse *fuse);

/* fuse_mounted is true when the client holds nodes or files; fuse_reset drops them all. */
bool fuse_mounted(const struct fuse *fuse);
void fuse_reset(struct fuse *fuse);

/*
 * Answers a request of `size` >= FUSE_REQUEST_MIN bytes and returns the size of the reply, at most
 * `room`. Returns 0 if requests of this kind have no reply, or if there was no room for one and the
 * request was not carried out. Both buffers are aligned to 8 bytes.
 */
u32 fuse_answer(struct fuse *fuse, const u8 *request, u32 size, u8 *reply, u32 room);

#endif
