/* SPDX-License-Identifier: MIT */
/*
 * A FUSE server (linux/fuse.h, from version 7.31 on, the first of virtio-fs) for a shared folder.
 * It receives requests and makes replies, independent of the transport. A request is complete when
 * fuse_answer returns. No part of a request is trusted.
 */
#ifndef DEVICES_SHARE_FUSE_H
#define DEVICES_SHARE_FUSE_H

#include "devices/device.h"

#define FUSE_REQUEST_MIN 40 /* struct fuse_in_header */
#define FUSE_REPLY_MIN 16 /* struct fuse_out_header */
#define FUSE_DATA_MAX (1 * MiB) /* the most bytes that one request reads or writes */
#define FUSE_MESSAGE_MAX (FUSE_DATA_MAX + 4 * KiB)

struct fuse;
struct share;

/*
 * Creates a server. Returns NULL without memory. The share belongs to the caller, and must outlive
 * the server.
 */
struct fuse *fuse_create(struct share *share, enum fuse_cache cache);
void fuse_free(struct fuse *fuse);

/*
 * fuse_mounted returns whether the client has a session, and so may hold nodes and files;
 * fuse_reset ends it and drops them all.
 */
bool fuse_mounted(const struct fuse *fuse);
void fuse_reset(struct fuse *fuse);

/*
 * Executes a request of `size` >= FUSE_REQUEST_MIN bytes, and returns the size of the reply, at
 * most `room`. Returns 0 if requests of this kind have no reply, or if there was no room for one;
 * then the request was not executed. Both buffers are aligned to 8 bytes.
 */
u32 fuse_answer(struct fuse *fuse, const u8 *request, u32 size, u8 *reply, u32 room);

#endif
