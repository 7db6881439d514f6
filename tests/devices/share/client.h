/* SPDX-License-Identifier: MIT */
/*
 * A client of a shared folder for tests, and the folder that it accesses. A test that holds for
 * both protocols is written once, with the operations of struct client_wire, which 9P and FUSE
 * implement; what only one of them has is sent with p9_wire.h or fuse_wire.h.
 */
#ifndef TESTS_DEVICES_SHARE_CLIENT_H
#define TESTS_DEVICES_SHARE_CLIENT_H

#include "devices/share/fuse.h"
#include "devices/share/p9.h"
#include "devices/share/share.h"
#include "place.h"
#include "tests/cmocka.h"

struct client;

/* A file's attributes, as a client sees them. */
struct client_attr {
	u64 identity; /* the path of its qid (9P), or its node (FUSE) */
	u32 mode, uid, gid;
	u64 nlink, size;
	dev_t device;
};

/* A change of attributes. The bits of `valid` are those that 9P and FUSE share. */
enum { SET_MODE = 1, SET_UID = 2, SET_GID = 4, SET_SIZE = 8, SET_ATIME = 16, SET_MTIME = 32 };
struct client_change {
	u32 valid, mode, uid, gid;
	u64 size; /* the new atime and mtime are 1 s and 2 s */
};

/*
 * The operations of a protocol. An object is a fid (9P) or a node (FUSE); a handle is an open fid
 * or a handle. All operations return 0 or the errno of the reply, which must be well-formed. Their
 * results are in the client's fields `object`, `handle`, `attr`, and `data` with its size `count`;
 * the comments name those that are set.
 */
struct client_wire {
	const char *name;
	bool nodes; /* objects outlive their names, and an object has one number, as in FUSE */
	void (*start)(struct client *c);
	void (*stop)(struct client *c);
	void (*attach)(struct client *c); /* sets `root`, for `uid` */
	int (*step)(struct client *c, u64 dir, const char *name); /* object */
	void (*forget)(struct client *c, u64 object);
	int (*mkdir)(struct client *c, u64 dir, const char *name, u32 mode);
	int (*mknod)(struct client *c, u64 dir, const char *name, u32 mode, dev_t device);
	int (*symlink)(struct client *c, u64 dir, const char *name, const char *target);
	int (*link)(struct client *c, u64 object, u64 dir, const char *name);
	int (*rename)(struct client *c, u64 dir, const char *name, u64 to, const char *new_name);
	int (*unlink)(struct client *c, u64 dir, const char *name);
	int (*rmdir)(struct client *c, u64 dir, const char *name);
	/* object, handle */
	int (*create)(struct client *c, u64 dir, const char *name, u32 flags, u32 mode);
	int (*open)(struct client *c, u64 object, u32 flags); /* handle */
	int (*opendir)(struct client *c, u64 object); /* handle */
	int (*release)(struct client *c, u64 handle);
	int (*releasedir)(struct client *c, u64 handle);
	int (*read)(struct client *c, u64 handle, u64 offset, u32 size); /* data */
	int (*write)(struct client *c, u64 handle, u64 offset, u32 size, const void *data);
	int (*fsync)(struct client *c, u64 object, u64 handle);
	int (*readdir)(struct client *c, u64 handle, u64 offset, u32 size); /* data */
	/* Returns the size of the entry at data + at, and stores the offset of the next one. */
	u32 (*entry)(struct client *c, u32 at, u64 *offset);
	int (*readlink)(struct client *c, u64 object); /* data */
	int (*getattr)(struct client *c, u64 object); /* attr */
	int (*setattr)(struct client *c, u64 object, struct client_change change);
	int (*setxattr)(struct client *c, u64 object, const char *name, const char *value);
	int (*getxattr)(struct client *c, u64 object, const char *name); /* data */
	int (*listxattr)(struct client *c, u64 object); /* data */
	int (*removexattr)(struct client *c, u64 object, const char *name);
};

extern const struct client_wire p9_wire, fuse_wire;

/* The settings of a test: the initial state of its row in the table of tests. */
struct client_kind {
	const struct client_wire *wire;
	enum share_security security;
	enum fuse_cache cache;
};

struct client {
	const struct client_wire *wire;
	struct place place;
	/* The configuration of the share from the next client_restart on. */
	struct share_config config;
	enum fuse_cache cache;
	struct share *share;
	struct p9 *p9;
	struct fuse *fuse;
	u64 root, seed;
	u32 uid, gid; /* those of the requests; client_become changes them */
	u32 fids; /* the number of the last fid of the 9P client */
	bool plus; /* FUSE reads folders with attributes (READDIRPLUS) */
	u64 object, handle;
	struct client_attr attr;
	const u8 *data;
	u32 count, size; /* the sizes of `data` and of the last reply */
	_Alignas(8) u8 request[FUSE_MESSAGE_MAX];
	_Alignas(8) u8 reply[FUSE_MESSAGE_MAX];
};

/* For cmocka. The state of a test is a struct client_kind at first: the setup makes the folders,
 * shares them, and replaces the state by a struct client. The teardown checks that nothing outside
 * of the share has changed, and removes everything. */
int client_setup(void **state);
int client_teardown(void **state);

extern struct client_kind client_p9, client_p9_mapped, client_fuse, client_fuse_mapped,
	client_fuse_always, client_fuse_mapped_always;

/* A row of the table of tests. */
#define CLIENT_CASE(test, how, kind)                                                               \
	{ #test " (" how ")", test, client_setup, client_teardown, &(kind) }
#define CLIENT_9P(test) CLIENT_CASE(test, "9P", client_p9)
#define CLIENT_FUSE(test) CLIENT_CASE(test, "FUSE", client_fuse)
#define CLIENT_9P_MAPPED(test) CLIENT_CASE(test, "9P, mapped", client_p9_mapped)
#define CLIENT_FUSE_MAPPED(test) CLIENT_CASE(test, "FUSE, mapped", client_fuse_mapped)
#define CLIENT_BOTH(test) CLIENT_9P(test), CLIENT_FUSE(test)
#define CLIENT_BOTH_MAPPED(test) CLIENT_9P_MAPPED(test), CLIENT_FUSE_MAPPED(test)

/* EXPECT checks that an operation of the client `c` returns this errno; REFUSED, that it fails. */
#define EXPECT(error, operation, ...) assert_int_equal(c->wire->operation(c, __VA_ARGS__), error)
#define REFUSED(operation, ...) assert_int_not_equal(c->wire->operation(c, __VA_ARGS__), 0)

/* Restarts the share, with `config` and the same folders. */
void client_restart(struct client *c);
/* Continues as another user and group. */
void client_become(struct client *c, u32 uid, u32 gid);

/* client_walk walks from the root along "a/b/c", component by component; client_at does so to an
 * object that must exist, and returns it; client_open also opens it. */
int client_walk(struct client *c, const char *path);
u64 client_at(struct client *c, const char *path);
int client_open(struct client *c, const char *path, u32 flags);
/* Returns the attributes of an object that must exist. They are valid until the next such call. */
const struct client_attr *client_attr(struct client *c, u64 object);

/* client_below returns a random number below `limit`; client_append appends a number to a request
 * of *size bytes. */
u32 client_below(struct client *c, u32 limit);
void client_append(struct client *c, u32 *size, u64 number, u32 bytes);
/* Returns the host's path of a file below the top folder. */
const char *client_host(const struct client *c, const char *path);

#endif
