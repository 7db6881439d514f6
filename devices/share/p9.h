/* SPDX-License-Identifier: MIT */
/*
 * A 9P2000.L server for a shared folder. It receives requests and makes replies, independent of the
 * transport. A request is complete when p9_answer returns. No part of a request is trusted.
 */
#ifndef DEVICES_SHARE_P9_H
#define DEVICES_SHARE_P9_H

#include "bus/base.h"

#define P9_HEADER 7 /* size[4] type[1] tag[2] */
#define P9_MSIZE_MAX (1 * MiB)
#define P9_MSIZE_MIN 4096 /* a client that offers a smaller msize is refused */

struct p9;
struct share;

/*
 * Creates a server. Returns NULL without memory. The share belongs to the caller, and must outlive
 * the server.
 */
struct p9 *p9_create(struct share *share);
void p9_free(struct p9 *p9);

/* p9_mounted returns whether the client holds fids; p9_reset drops them all. */
bool p9_mounted(const struct p9 *p9);
void p9_reset(struct p9 *p9);

/*
 * Executes a request of `size` >= P9_HEADER bytes, and returns the size of the reply, at least
 * P9_HEADER and at most `room`; `room` is at least P9_HEADER + 4.
 */
u32 p9_answer(struct p9 *p9, const u8 *request, u32 size, u8 *reply, u32 room);

#endif
