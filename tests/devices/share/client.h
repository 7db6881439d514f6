/* SPDX-License-Identifier: MIT */
/*
 * A 9P client for tests, and the folder that it is tried on. Messages are written as formats: b,
 * w, d, q are numbers of 1, 2, 4 and 8 bytes, s is a string, D is data with its size before it.
 */
#ifndef TESTS_P9_CLIENT_H
#define TESTS_P9_CLIENT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "devices/share/p9.h"
#include "devices/share/share.h"
#include "place.h"

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
#define ROOT 1u /* the fid that client_start attaches */
#define MSIZE 65536u

struct client {
	struct place place;
	struct share *share;
	unsigned descriptors; /* the share's limit, from the next restart on */
	struct p9 *p9;
	u32 size; /* of the last reply */
	u8 request[P9_MSIZE_MAX], reply[P9_MSIZE_MAX];
};

/* Make the folders; version and attach. */
void client_start(struct client *client, enum share_security security, bool readonly);
/* Shares the same folders again. */
void client_restart(struct client *client, enum share_security security, bool readonly);
/* Checks that nothing outside has changed, and removes everything. */
void client_stop(struct client *client);

/* Send; 0, or the errno of Rlerror. The reply must be well-formed and of the right kind. */
int client_call(struct client *client, unsigned type, const char *format, ...);
/* Send the request as it lies in client->request. */
int client_send(struct client *client, u32 size);

/* Number of `size` bytes at `offset` in the reply, counted behind its header. */
u64 client_get(const struct client *client, u32 offset, unsigned size);

/* Walk from ROOT along "a/b/c" (each step as it is) to a new fid. */
int client_walk(struct client *client, u32 fid, const char *path);
int client_open(struct client *client, u32 fid, const char *path, u32 flags);

/* The host's side: a path below top. */
const char *client_host(const struct client *client, const char *path);

#endif
