/* SPDX-License-Identifier: MIT */
/*
 * A FUSE client for tests. What is behind the header of a request is written as a format: d and q
 * are numbers of 4 and 8 bytes, s is a string with its NUL, D is data, whose size is given first.
 */
#ifndef TESTS_FUSE_CLIENT_H
#define TESTS_FUSE_CLIENT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "devices/share/fuse.h"
#include "devices/share/share.h"
#include "place.h"

#include <linux/fuse.h>

/* Offsets in the reply of a look-up. */
#define ENTRY_ATTR 40

struct fuse_client {
	struct place place;
	struct share *share;
	struct fuse *fuse;
	u32 uid;
	u32 size; /* of the last reply */
	_Alignas(8) u8 request[FUSE_MESSAGE_MAX];
	_Alignas(8) u8 reply[FUSE_MESSAGE_MAX];
};

/* Make the folders, and FUSE_INIT. */
void fuse_client_start(struct fuse_client *client, enum share_security security,
		       enum fuse_cache cache);
/* Shares the same folders again. */
void fuse_client_restart(struct fuse_client *client, const struct share_config *config);
/* Checks that nothing outside has changed, and removes everything. */
void fuse_client_stop(struct fuse_client *client);

/* Send; 0, or the errno of the reply, which must be well-formed. */
int fuse_call(struct fuse_client *client, u32 opcode, u64 node, const char *format, ...);
/* Send the request as it lies in client->request. */
int fuse_send(struct fuse_client *client, u32 size);

/* Number of `size` bytes at `offset` in the reply, counted behind its header. */
u64 fuse_get(const struct fuse_client *client, u32 offset, unsigned size);

/* Look up "a/b/c" from the root; its node, or 0 with the errno in *error. */
u64 fuse_walk(struct fuse_client *client, const char *path, int *error);
/* A handle, or 0 with the errno in *error. */
u64 fuse_open_path(struct fuse_client *client, const char *path, u32 flags, int *error);

/* The host's side: a path below top. */
const char *fuse_host(const struct fuse_client *client, const char *path);

#endif
