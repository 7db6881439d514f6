/* SPDX-License-Identifier: MIT */
/*
 * Tests devices/share/fuse*.c: the requests that only FUSE has, as a well-behaved client sends
 * them.
 */
#include "fuse_wire.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Creates a file and returns its node. Its handle is c->handle. */
static u64 fuse_test_file(struct client *c, const char *name)
{
	EXPECT(0, create, ROOT, name, O_RDWR, 0644);
	return c->object;
}

static int fuse_test_truncate(struct client *c, u64 node, u64 handle, u64 size)
{
	return fuse_call(c, FUSE_SETATTR, node, "ddqqqqqqdddddddd", FATTR_SIZE | FATTR_FH, 0,
			 handle, size, (u64)0, (u64)0, (u64)0, (u64)0, 0, 0, 0, 0, 0, 0, 0, 0);
}

static void test_init(void **state)
{
	struct client *c = *state;

	assert_int_equal(fuse_get(c, 20, 4), FUSE_DATA_MAX);
	assert_int_equal(fuse_get(c, 12, 4) & FUSE_WRITEBACK_CACHE, 0);
	assert_int_equal(fuse_get(c, 12, 4) & FUSE_POSIX_LOCKS, 0);
	/*
	 * An older client is refused, and its nodes are dropped; a newer one repeats the request.
	 */
	assert_int_equal(fuse_call(c, FUSE_INIT, 0, "dddd", 7, 30, 0, 0), EPROTO);
	assert_int_equal(fuse_call(c, FUSE_INIT, 0, "dddd", 6, 99, 0, 0), EPROTO);
	assert_int_equal(fuse_call(c, FUSE_LOOKUP, ROOT, "s", "x"), ESTALE);
	assert_int_equal(fuse_call(c, FUSE_INIT, 0, "dddd", 8, 0, 0, 0), 0);
	assert_int_equal(fuse_get(c, 0, 4), 7);
	assert_int_equal(fuse_call(c, FUSE_LOOKUP, ROOT, "s", "x"), ESTALE);
	/*
	 * Features that are not requested are not granted; arguments beyond the known ones are
	 * ignored.
	 */
	assert_int_equal(fuse_call(c, FUSE_INIT, 0, "ddddqqqqqq", 7, 99, 0, FUSE_MAX_PAGES, (u64)0,
				   (u64)0, (u64)0, (u64)0, (u64)0, (u64)0),
			 0);
	assert_int_equal(fuse_get(c, 12, 4), FUSE_MAX_PAGES);
	assert_int_equal(fuse_call(c, FUSE_LOOKUP, ROOT, "s", "x"), 0);
	assert_int_equal(fuse_call(c, FUSE_DESTROY, 0, ""), 0);
	assert_int_equal(fuse_call(c, FUSE_GETATTR, ROOT, "ddq", 0, 0, (u64)0), ESTALE);
}

/*
 * A file that was removed has its node as long as the client has references to it, and can be
 * opened by the node.
 */
static void test_removed_files(void **state)
{
	struct client *c = *state;
	u64 file = fuse_test_file(c, "f"), handle = c->handle;

	assert_int_equal(client_at(c, "f"), file);
	EXPECT(0, write, handle, 0, 9, "some text");
	assert_int_equal(fuse_call(c, FUSE_FLUSH, file, "qddq", handle, 0, 0, (u64)0), ENOSYS);
	EXPECT(0, unlink, ROOT, "f");
	assert_int_equal(fuse_test_truncate(c, file, handle, 8), 0);
	EXPECT(0, open, file, O_RDONLY);
	EXPECT(0, read, c->handle, 0, 100);
	assert_int_equal(c->count, 8);
	EXPECT(0, release, handle);
	EXPECT(EBADF, release, handle);
	EXPECT(EBADF, read, handle, 0, 10);
	assert_int_equal(fuse_call(c, FUSE_FORGET, file, "q", (u64)2), 0);
	EXPECT(ESTALE, getattr, file);
}

/*
 * If a program of the host has removed a file, the client hears that its node is stale, so that it
 * looks up the name, which another file may have by then.
 */
static void test_removed_by_host(void **state)
{
	struct client *c = *state;
	u64 file = fuse_test_file(c, "f");

	EXPECT(0, release, c->handle);
	assert_int_equal(unlink(client_host(c, "share/f")), 0);
	EXPECT(ESTALE, open, file, O_RDWR);
	EXPECT(ESTALE, getattr, file);
	EXPECT(ESTALE, setattr, file, (struct client_change){ SET_MODE, .mode = 0600 });
	EXPECT(ENOENT, unlink, ROOT, "f");
	EXPECT(0, create, ROOT, "f", O_RDWR, 0644);
	assert_int_equal(client_attr(c, c->object)->size, 0);
}

static void test_holes_and_copies(void **state)
{
	struct client *c = *state;
	u64 from = (fuse_test_file(c, "from"), c->handle);
	u64 node = fuse_test_file(c, "to"), to = c->handle;

	EXPECT(0, write, from, MiB, 3, "end");
	assert_int_equal(fuse_call(c, FUSE_LSEEK, ROOT, "qqdd", from, (u64)0, SEEK_DATA, 0), 0);
	assert_in_range(fuse_get(c, 0, 8), 0, MiB);
	assert_int_equal(fuse_call(c, FUSE_LSEEK, ROOT, "qqdd", from, MiB, SEEK_HOLE, 0), 0);
	assert_int_equal(fuse_get(c, 0, 8), MiB + 3);
	assert_int_equal(fuse_call(c, FUSE_LSEEK, ROOT, "qqdd", from, UINT64_MAX, SEEK_DATA, 0),
			 ENXIO);
	assert_int_equal(fuse_call(c, FUSE_LSEEK, ROOT, "qqdd", from, (u64)0, SEEK_SET, 0), EINVAL);
	assert_int_equal(fuse_call(c, FUSE_COPY_FILE_RANGE, ROOT, "qqqqqqq", from, MiB, ROOT, to,
				   (u64)1, (u64)UINT64_MAX, (u64)0),
			 0);
	assert_int_equal(fuse_get(c, 0, 4), 3);
	EXPECT(0, read, to, 0, 10);
	assert_memory_equal(c->data, "\0end", 4);
	assert_int_equal(fuse_call(c, FUSE_FALLOCATE, ROOT, "qqqdd", to, (u64)0, (u64)4096, 0, 0),
			 0);
	assert_int_equal(client_attr(c, node)->size, 4096);
	assert_int_equal(fuse_call(c, FUSE_FALLOCATE, ROOT, "qqqdd", to, (u64)0, (u64)4096, 8, 0),
			 EOPNOTSUPP); /* FALLOC_FL_COLLAPSE_RANGE */
	assert_int_equal(fuse_call(c, FUSE_FALLOCATE, ROOT, "qqqdd", to, (u64)1, (u64)UINT64_MAX, 0,
				   0),
			 EFBIG);
}

/* Two names of a file have the same node, which is valid while one name is left. */
static void test_hard_links(void **state)
{
	struct client *c = *state;
	u64 file = fuse_test_file(c, "a");

	EXPECT(0, release, c->handle);
	EXPECT(0, link, file, ROOT, "b");
	assert_int_equal(c->object, file);
	EXPECT(0, unlink, ROOT, "b");
	EXPECT(0, open, file, O_RDONLY);
	/*
	 * A request that needs the file's name returns ESTALE, after which the client looks the
	 * file up again.
	 */
	EXPECT(ESTALE, link, file, ROOT, "c");
	assert_int_equal(client_at(c, "a"), file);
	EXPECT(0, link, file, ROOT, "c");
	EXPECT(0, listxattr, file);
}

static void test_rename_flags(void **state)
{
	static const struct {
		const char *new_name;
		u32 flags;
		int error;
	} cases[] = {
		{ "z", RENAME_NOREPLACE, EEXIST },
		{ "x", RENAME_EXCHANGE, ENOENT },
		{ "z", RENAME_EXCHANGE | RENAME_NOREPLACE, EINVAL },
		{ "z", 8, EINVAL },
		{ "z", 0, ENOTEMPTY },
		{ "top", RENAME_NOREPLACE, 0 },
	};
	struct client *c = *state;
	u64 a, b;

	EXPECT(0, mkdir, ROOT, "a", 0755);
	a = c->object;
	EXPECT(0, mkdir, a, "b", 0755);
	b = c->object;
	EXPECT(0, mkdir, ROOT, "z", 0755);
	EXPECT(0, mkdir, c->object, "c", 0755);
	for (unsigned n = 0; n < ARRAY_SIZE(cases); n++)
		assert_int_equal(fuse_call(c, FUSE_RENAME2, a, "qddss", ROOT, cases[n].flags, 0,
					   "b", cases[n].new_name),
				 cases[n].error);
	assert_int_equal(client_at(c, "top"), b);
}

static int exchange(struct client *c, u64 dir, const char *name, const char *new_name)
{
	return fuse_call(c, FUSE_RENAME2, dir, "qddss", ROOT, RENAME_EXCHANGE, 0, name, new_name);
}

/* The nodes of two names that are exchanged follow them, whether the client knows one or both. */
static void test_exchange(void **state)
{
	struct client *c = *state;
	u64 a, b, file;

	EXPECT(0, mkdir, ROOT, "a", 0755);
	a = c->object;
	EXPECT(0, mkdir, a, "b", 0755);
	b = c->object;
	file = fuse_test_file(c, "f");
	EXPECT(0, release, c->handle);
	assert_int_equal(exchange(c, ROOT, "a", "a"), 0);
	assert_int_equal(exchange(c, a, "b", "a"), EINVAL);
	assert_int_equal(exchange(c, a, "b", "f"), 0);
	assert_int_equal(client_at(c, "f"), b);
	assert_int_equal(client_at(c, "a/b"), file);
	EXPECT(0, mkdir, b, "deep", 0755);
	assert_int_equal(access(client_host(c, "share/f/deep"), F_OK), 0);
	assert_int_equal(mknod(client_host(c, "share/x"), S_IFREG | 0600, 0), 0);
	assert_int_equal(exchange(c, a, "b", "x"), 0);
	assert_int_equal(exchange(c, ROOT, "f", "x"), 0);
	assert_int_equal(client_at(c, "f"), file);
	assert_int_equal(client_at(c, "x"), b);
	EXPECT(0, open, file, O_RDONLY);
}

/* Returns whether the host has whiteouts here; overlayfs itself, as in containers, has none. */
static bool has_whiteouts(const struct client *c)
{
	const char *name = client_host(c, "share/old"), *new_name = client_host(c, "share/new");
	bool has = !mknod(name, S_IFCHR, 0) &&
		   !renameat2(AT_FDCWD, name, AT_FDCWD, new_name, RENAME_WHITEOUT);

	unlink(name);
	unlink(new_name);
	return has;
}

/* An overlay's whiteout is a device with number 0, which no driver has. */
static void test_whiteout(void **state)
{
	struct client *c = *state;
	u64 file;

	if (!has_whiteouts(c))
		skip();
	file = fuse_test_file(c, "f");
	assert_int_equal(
		fuse_call(c, FUSE_RENAME2, ROOT, "qddss", ROOT, RENAME_WHITEOUT, 0, "f", "g"), 0);
	assert_int_equal(client_at(c, "g"), file);
	assert_int_equal(client_attr(c, client_at(c, "f"))->mode & S_IFMT, S_IFCHR);
	EXPECT(0, unlink, ROOT, "f");
	EXPECT(0, mknod, ROOT, "w", S_IFCHR, 0);
	assert_int_equal(client_attr(c, client_at(c, "w"))->mode & S_IFMT, S_IFCHR);
	EXPECT(EPERM, mknod, ROOT, "d", S_IFCHR, 0x103);
}

/* Returns the size of the last request. */
static u32 fuse_test_request_size(const struct client *c)
{
	return ((const struct fuse_in_header *)c->request)->len;
}

/* A client may request more bytes of a folder than there is room for in the reply. */
static void test_room_of_a_folder(void **state)
{
	struct client *c = *state;
	char name[32];
	u64 handle;

	for (unsigned n = 0; n < 100; n++) {
		snprintf(name, sizeof(name), "file-%u", n);
		EXPECT(0, mknod, ROOT, name, S_IFREG | 0644, 0);
	}
	EXPECT(0, opendir, ROOT);
	handle = c->handle;
	EXPECT(0, readdir, handle, 0, MiB);
	memset(c->reply, 0xa5, sizeof(c->reply));
	assert_in_range(fuse_answer(c->fuse, c->request, fuse_test_request_size(c), c->reply, 999),
			500, 999);
	assert_int_equal(c->reply[999], 0xa5);
	EXPECT(EBADF, release, handle);
	EXPECT(EISDIR, open, ROOT, O_RDONLY);
}

/* The attributes of a removed file that is open, and those of a file with another name left. */
static void test_xattrs_of_removed(void **state)
{
	struct client *c = *state;
	u64 node = fuse_test_file(c, "f"), handle = c->handle;

	EXPECT(0, setxattr, node, "user.a", "value");
	EXPECT(0, unlink, ROOT, "f");
	EXPECT(0, setxattr, node, "user.b", "other");
	EXPECT(0, getxattr, node, "user.a");
	assert_memory_equal(c->data, "value", 5);
	EXPECT(0, removexattr, node, "user.a");
	EXPECT(0, listxattr, node);
	assert_int_equal(c->count, 7);
	EXPECT(EOPNOTSUPP, getxattr, node, "security.selinux");
	EXPECT(0, release, handle);
}

static void test_xattrs(void **state)
{
	struct client *c = *state;
	u64 node = fuse_test_file(c, "f");

	EXPECT(0, setxattr, node, "user.a", "value");
	assert_int_equal(fuse_call(c, FUSE_SETXATTR, node, "ddsD", 5, 1, "user.a", 5, "value"),
			 EEXIST);
	assert_int_equal(fuse_call(c, FUSE_SETXATTR, node, "dds", 0, 0, "user.empty"), 0);
	assert_int_equal(fuse_call(c, FUSE_GETXATTR, node, "dds", 0, 0, "user.a"), 0);
	assert_int_equal(fuse_get(c, 0, 4), 5);
	assert_int_equal(fuse_call(c, FUSE_GETXATTR, node, "dds", 4, 0, "user.a"), ERANGE);
	assert_int_equal(fuse_call(c, FUSE_LISTXATTR, node, "dd", 0, 0), 0);
	assert_int_equal(fuse_get(c, 0, 4), 18);
	assert_int_equal(fuse_call(c, FUSE_LISTXATTR, node, "dd", 18, 0), 0);
	EXPECT(0, removexattr, node, "user.a");
	assert_int_equal(fuse_call(c, FUSE_GETXATTR, node, "dds", 0, 0, "user.a"), ENODATA);
	assert_int_equal(fuse_call(c, FUSE_SETXATTR, node, "ddsD", 70000, 0, "user.a", 70000,
				   c->reply),
			 E2BIG);
}

/*
 * When a user without privileges writes to a program, or changes its owner, it is no longer
 * set-uid.
 */
static void test_set_uid_goes(void **state)
{
	struct client *c = *state;
	u64 node, handle;

	client_become(c, 1000, 1000);
	EXPECT(0, create, ROOT, "f", O_RDWR, 04751);
	node = c->object;
	handle = c->handle;
	assert_int_equal(fuse_call(c, FUSE_WRITE, node, "qqddqddD", handle, (u64)0, 1,
				   FUSE_WRITE_KILL_SUIDGID, (u64)0, 0, 0, 1, "x"),
			 0);
	assert_int_equal(client_attr(c, node)->mode, S_IFREG | 0751);
	EXPECT(0, setattr, node, (struct client_change){ SET_MODE, .mode = 06777 });
	assert_int_equal(client_attr(c, node)->mode, S_IFREG | 06777);
	EXPECT(0, setattr, node,
	       (struct client_change){ SET_UID | SET_GID, .uid = 1000, .gid = 1001 });
	assert_int_equal(client_attr(c, node)->mode, S_IFREG | 0777);
	assert_int_equal(client_attr(c, node)->gid, 1001);
}

/* A file that is open only for reading is not written by any request. */
static void test_readonly(void **state)
{
	struct client *c = *state;
	u64 node, handle;

	fuse_test_file(c, "f");
	c->config.readonly = true;
	client_restart(c);
	node = client_at(c, "f");
	assert_int_equal(fuse_call(c, FUSE_ACCESS, node, "dd", W_OK, 0), EROFS);
	EXPECT(0, open, node, O_RDONLY);
	handle = c->handle;
	assert_int_equal(fuse_call(c, FUSE_FALLOCATE, node, "qqqdd", handle, (u64)0, (u64)9, 0, 0),
			 EBADF);
	assert_int_equal(fuse_call(c, FUSE_COPY_FILE_RANGE, node, "qqqqqqq", handle, (u64)0, node,
				   handle, (u64)9, (u64)1, (u64)0),
			 EBADF);
	assert_int_equal(fuse_test_truncate(c, node, handle, 9), EINVAL);
}

/* The client may cache names, attributes, links and data; its writes are sent immediately. */
static void test_always(void **state)
{
	struct client *c = *state;
	u32 features = (u32)fuse_get(c, 12, 4);

	assert_int_equal(features & (FUSE_WRITEBACK_CACHE | FUSE_AUTO_INVAL_DATA), 0);
	assert_int_equal(features & FUSE_CACHE_SYMLINKS, FUSE_CACHE_SYMLINKS);
	fuse_test_file(c, "f");
	assert_int_equal(fuse_get(c, 16, 8), 86400);
	assert_int_equal(fuse_get(c, 24, 8), 86400);
	assert_int_equal(fuse_get(c, 136, 4), FOPEN_KEEP_CACHE);
	EXPECT(0, opendir, ROOT);
	assert_int_equal(fuse_get(c, 8, 4), FOPEN_KEEP_CACHE | FOPEN_CACHE_DIR);
	/* The client may end the session while files and folders are open. */
	assert_int_equal(fuse_call(c, FUSE_DESTROY, 0, ""), 0);
}

static void test_nodes_and_statfs(void **state)
{
	struct {
		u64 node, lookups;
	} both[2];
	struct client *c = *state;
	u64 a = fuse_test_file(c, "a"), b = fuse_test_file(c, "b");

	assert_int_equal(client_at(c, "a"), a);
	assert_int_equal(client_at(c, "b"), b);
	assert_int_equal(fuse_call(c, FUSE_STATFS, ROOT, ""), 0);
	assert_int_equal(fuse_get(c, 44, 4), 255);
	assert_int_equal(fuse_call(c, FUSE_ACCESS, a, "dd", W_OK, 0), 0);
	assert_int_equal(fuse_call(c, FUSE_ACCESS, a, "dd", 8, 0), EINVAL);
	both[0].node = a;
	both[1].node = b;
	both[0].lookups = both[1].lookups = 1;
	assert_int_equal(fuse_call(c, FUSE_BATCH_FORGET, 0, "ddD", 2, 0, sizeof(both), both), 0);
	assert_int_equal(c->size, 0);
	EXPECT(0, getattr, a);
	assert_int_equal(fuse_call(c, FUSE_FORGET, a, "q", (u64)1), 0);
	EXPECT(ESTALE, getattr, a);
	EXPECT(0, getattr, b);
	assert_int_equal(fuse_call(c, FUSE_INTERRUPT, 0, "q", (u64)7), 0);
	assert_int_equal(c->size, 0);
	/* The client may cache that a name does not exist. */
	assert_int_equal(fuse_call(c, FUSE_LOOKUP, ROOT, "s", "none"), 0);
	assert_int_equal(fuse_get(c, 0, 8), 0);
	assert_int_equal(fuse_get(c, 16, 8), 1);
}

const struct CMUnitTest unit_tests[] = {
	CLIENT_FUSE(test_init),
	CLIENT_FUSE(test_removed_files),
	CLIENT_FUSE_MAPPED(test_removed_files),
	CLIENT_FUSE(test_removed_by_host),
	CLIENT_FUSE_MAPPED(test_removed_by_host),
	CLIENT_FUSE(test_holes_and_copies),
	CLIENT_FUSE(test_hard_links),
	CLIENT_FUSE(test_rename_flags),
	CLIENT_FUSE(test_exchange),
	CLIENT_FUSE(test_whiteout),
	CLIENT_FUSE(test_room_of_a_folder),
	CLIENT_FUSE(test_xattrs),
	CLIENT_FUSE(test_xattrs_of_removed),
	CLIENT_FUSE_MAPPED(test_set_uid_goes),
	CLIENT_FUSE(test_readonly),
	CLIENT_CASE(test_always, "FUSE, always", client_fuse_always),
	CLIENT_FUSE(test_nodes_and_statfs),
	{ 0 },
};
