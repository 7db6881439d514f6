/* SPDX-License-Identifier: MIT */
/*
 * The messages of the FUSE client. The part of a request after its header is written as a format: d
 * and q are numbers of 4 and 8 bytes, s is a string with its NUL, and D is data, whose size is
 * given first.
 */
#ifndef TESTS_DEVICES_SHARE_FUSE_WIRE_H
#define TESTS_DEVICES_SHARE_FUSE_WIRE_H

#include "client.h"

#include <linux/fuse.h>

#define ROOT FUSE_ROOT_ID
#define ENTRY_ATTR 40 /* the offset of the attributes in the reply of a look-up */

/* Sends a request. Returns 0, or the errno of the reply, which must be well-formed. */
int fuse_call(struct client *c, u32 opcode, u64 node, const char *format, ...);
/* Sends the request in c->request as it is. */
int fuse_send(struct client *c, u32 size);

/* Returns a number of `size` bytes in the reply, at an offset from the end of its header. */
u64 fuse_get(const struct client *c, u32 offset, unsigned size);

#endif
