/* SPDX-License-Identifier: MIT */
/*
 * The messages of the 9P client. They are written as formats: b, w, d, q are numbers of 1, 2, 4 and
 * 8 bytes, s is a string, D is data with its size before it.
 */
#ifndef TESTS_DEVICES_SHARE_P9_WIRE_H
#define TESTS_DEVICES_SHARE_P9_WIRE_H

#include "client.h"

enum {
	TSTATFS = 8,
	TLOPEN = 12,
	TLCREATE = 14,
	TSYMLINK = 16,
	TMKNOD = 18,
	TRENAME = 20,
	TREADLINK = 22,
	TGETATTR = 24,
	TSETATTR = 26,
	TXATTRWALK = 30,
	TXATTRCREATE = 32,
	TREADDIR = 40,
	TFSYNC = 50,
	TLOCK = 52,
	TGETLOCK = 54,
	TLINK = 70,
	TMKDIR = 72,
	TRENAMEAT = 74,
	TUNLINKAT = 76,
	TVERSION = 100,
	TAUTH = 102,
	TATTACH = 104,
	TFLUSH = 108,
	TWALK = 110,
	TREAD = 116,
	TWRITE = 118,
	TCLUNK = 120,
	TREMOVE = 122,
};

#define NOFID UINT32_MAX
#define ROOT 1u /* the fid that the client attaches first */
#define MSIZE 65536u

/*
 * Sends a request. Returns 0, or the errno of Rlerror. The reply must be well-formed and of the
 * right type.
 */
int p9_call(struct client *c, unsigned type, const char *format, ...);
/* Sends the request in c->request as it is. */
int p9_send(struct client *c, u32 size);

/* Returns a number of `size` bytes in the reply, at an offset from the end of its header. */
u64 p9_get(const struct client *c, u32 offset, unsigned size);

/*
 * p9_walk_to walks from ROOT along "a/b/c", component by component, to a new fid; p9_open_at also
 * opens it.
 */
int p9_walk_to(struct client *c, u32 fid, const char *path);
int p9_open_at(struct client *c, u32 fid, const char *path, u32 flags);

#endif
