/* SPDX-License-Identifier: MIT */
/*
 * A 9P2000.L server for a shared folder: takes requests, gives replies, knows nothing of how they
 * travel. Each request is answered when p9_answer returns. All of a request is hostile.
 */
#ifndef DEVICES_SHARE_P9_H
#define DEVICES_SHARE_P9_H

#include "bus/base.h"

#define P9_HEADER 7 /* size[4] type[1] tag[2] */
#define P9_MSIZE_MAX (1 * MiB)
#define P9_MSIZE_MIN 4096 /* a client that offers less is refused */

struct p9;
struct share;

/* NULL: no memory. The share stays the caller's. */
struct p9 *p9_create(struct share *share);
void p9_free(struct p9 *p9);

/* Does the client hold anything? Forget it all. */
bool p9_mounted(const struct p9 *p9);
void p9_reset(struct p9 *p9);

/*
 * Answer a request of `size` >= P9_HEADER bytes: returns the size of the reply, which is at most
 * `room`, and at least P9_HEADER; `room` is at least P9_HEADER + 4.
 */
u32 p9_answer(struct p9 *p9, const u8 *request, u32 size, u8 *reply, u32 room);

#endif
