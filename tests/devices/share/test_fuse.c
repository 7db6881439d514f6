/* SPDX-License-Identifier: MIT */
/* devices/share/fuse*.c: what requests do for a client that means well. */
#include "fuse_client.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define ROOT FUSE_ROOT_ID

/* Offsets in replies. */
#define ATTR_SIZE 8
#define ATTR_MODE 60
#define ATTR_NLINK 64
#define ATTR_UID 68
#define ATTR_GID 72
#define ATTR_RDEV 76
#define OF_GETATTR(field) (16 + (field))
#define OF_ENTRY(field) (ENTRY_ATTR + (field))

static struct fuse_client client;

static int setup(void **state)
{
	(void)state;
	fuse_client_start(&client, SHARE_NONE, FUSE_CACHE_AUTO);
	return 0;
}

static int setup_mapped(void **state)
{
	(void)state;
	fuse_client_start(&client, SHARE_MAPPED, FUSE_CACHE_AUTO);
	return 0;
}

static int setup_always(void **state)
{
	(void)state;
	fuse_client_start(&client, SHARE_NONE, FUSE_CACHE_ALWAYS);
	return 0;
}

static int teardown(void **state)
{
	client.uid = 0;
	(void)state;
	fuse_client_stop(&client);
	return 0;
}

static u64 fuse_test_walk(const char *path)
{
	int error;
	u64 node = fuse_walk(&client, path, &error);

	assert_int_equal(error, 0);
	return node;
}

static int walk_error(const char *path)
{
	int error;

	fuse_walk(&client, path, &error);
	return error;
}

/* A field of a node's attributes. */
static u64 attribute(u64 node, u32 field, unsigned size)
{
	assert_int_equal(fuse_call(&client, FUSE_GETATTR, node, "ddq", 0, 0, (u64)0), 0);
	return fuse_get(&client, OF_GETATTR(field), size);
}

static u64 fuse_test_create(u64 dir, const char *name, u32 flags, u32 mode)
{
	assert_int_equal(fuse_call(&client, FUSE_CREATE, dir, "dddds", flags, mode, 0, 0, name), 0);
	return fuse_get(&client, 128, 8);
}

static int fuse_put(u64 handle, u64 offset, const char *text)
{
	u32 size = (u32)strlen(text);

	return fuse_call(&client, FUSE_WRITE, ROOT, "qqddqddD", handle, offset, size, 0, (u64)0, 0,
			 0, size, text);
}

static int read_at(u64 handle, u64 offset, u32 size)
{
	return fuse_call(&client, FUSE_READ, ROOT, "qqddqdd", handle, offset, size, 0, (u64)0, 0,
			 0);
}

static int release(u64 handle)
{
	return fuse_call(&client, FUSE_RELEASE, ROOT, "qddq", handle, 0, 0, (u64)0);
}

/* Only `valid` and what it needs. */
static int fuse_set(u64 node, u32 valid, u64 handle, u64 size, u32 mode)
{
	return fuse_call(&client, FUSE_SETATTR, node, "ddqqqqqqdddddddd", valid, 0, handle, size,
			 (u64)0, (u64)1, (u64)2, (u64)0, 0, 7, 0, mode, 0, 1000, 1001, 0);
}

static void test_init(void **state)
{
	(void)state;
	assert_int_equal(fuse_get(&client, 20, 4), FUSE_DATA_MAX);
	assert_int_equal(fuse_get(&client, 12, 4) & FUSE_WRITEBACK_CACHE, 0);
	assert_int_equal(fuse_get(&client, 12, 4) & FUSE_POSIX_LOCKS, 0);
	/*
	 * An older client is refused, and its nodes are dropped; a newer one repeats the request.
	 */
	assert_int_equal(fuse_call(&client, FUSE_INIT, 0, "dddd", 7, 30, 0, 0), EPROTO);
	assert_int_equal(fuse_call(&client, FUSE_INIT, 0, "dddd", 6, 99, 0, 0), EPROTO);
	assert_int_equal(fuse_call(&client, FUSE_LOOKUP, ROOT, "s", "x"), ESTALE);
	assert_int_equal(fuse_call(&client, FUSE_INIT, 0, "dddd", 8, 0, 0, 0), 0);
	assert_int_equal(fuse_get(&client, 0, 4), 7);
	assert_int_equal(fuse_call(&client, FUSE_LOOKUP, ROOT, "s", "x"), ESTALE);
	/*
	 * Features that are not requested are not given; more arguments than are known do not
	 * matter.
	 */
	assert_int_equal(fuse_call(&client, FUSE_INIT, 0, "ddddqqqqqq", 7, 99, 0, FUSE_MAX_PAGES,
				   (u64)0, (u64)0, (u64)0, (u64)0, (u64)0, (u64)0),
			 0);
	assert_int_equal(fuse_get(&client, 12, 4), FUSE_MAX_PAGES);
	assert_int_equal(fuse_call(&client, FUSE_LOOKUP, ROOT, "s", "x"), 0);
	assert_int_equal(fuse_call(&client, FUSE_DESTROY, 0, ""), 0);
	assert_int_equal(fuse_call(&client, FUSE_GETATTR, ROOT, "ddq", 0, 0, (u64)0), ESTALE);
}

static void test_files(void **state)
{
	u64 handle = fuse_test_create(ROOT, "f", O_RDWR, 0640), file = fuse_test_walk("f");

	(void)state;
	assert_int_equal(fuse_put(handle, 5, "text"), 0);
	assert_int_equal(fuse_get(&client, 0, 4), 4);
	assert_int_equal(read_at(handle, 0, UINT32_MAX), 0);
	assert_int_equal(client.size, FUSE_REPLY_MIN + 9);
	assert_memory_equal(client.reply + FUSE_REPLY_MIN, "\0\0\0\0\0text", 9);
	assert_int_equal(read_at(handle, UINT64_MAX, 10), 0);
	assert_int_equal(client.size, FUSE_REPLY_MIN);
	assert_int_equal(fuse_put(handle, INT64_MAX, "x"), EFBIG);
	assert_int_equal(fuse_call(&client, FUSE_FSYNC, file, "qdd", handle, 1, 0), 0);
	assert_int_equal(fuse_call(&client, FUSE_FLUSH, file, "qddq", handle, 0, 0, (u64)0),
			 ENOSYS);
	assert_int_equal(attribute(file, ATTR_MODE, 4), S_IFREG | 0640);
	/*
	 * Truncated, then removed, and still there for a client that has it: read, written, opened
	 * again.
	 */
	assert_int_equal(fuse_set(file, FATTR_SIZE, 0, 6, 0), 0);
	assert_int_equal(fuse_call(&client, FUSE_UNLINK, ROOT, "s", "f"), 0);
	assert_int_equal(walk_error("f"), ENOENT);
	assert_int_equal(attribute(file, ATTR_SIZE, 8), 6);
	assert_int_equal(attribute(file, ATTR_NLINK, 4), 0);
	assert_int_equal(fuse_put(handle, 6, "more"), 0);
	assert_int_equal(fuse_set(file, FATTR_SIZE | FATTR_FH, handle, 8, 0), 0);
	assert_int_equal(fuse_set(file, FATTR_MODE, 0, 0, 0600), 0);
	assert_int_equal(attribute(file, ATTR_MODE, 4), S_IFREG | 0600);
	assert_int_equal(fuse_call(&client, FUSE_OPEN, file, "dd", O_RDONLY, 0), 0);
	assert_int_equal(read_at(fuse_get(&client, 0, 8), 0, 100), 0);
	assert_int_equal(client.size, FUSE_REPLY_MIN + 8);
	assert_int_equal(release(handle), 0);
	assert_int_equal(release(handle), EBADF);
	assert_int_equal(read_at(handle, 0, 10), EBADF);
	assert_int_equal(fuse_call(&client, FUSE_FORGET, file, "q", (u64)2), 0);
	assert_int_equal(fuse_call(&client, FUSE_GETATTR, file, "ddq", 0, 0, (u64)0), ESTALE);
}

static void test_holes_and_copies(void **state)
{
	u64 from = fuse_test_create(ROOT, "from", O_RDWR, 0644),
	    to = fuse_test_create(ROOT, "to", O_RDWR, 0644);

	(void)state;
	assert_int_equal(fuse_put(from, MiB, "end"), 0);
	assert_int_equal(fuse_call(&client, FUSE_LSEEK, ROOT, "qqdd", from, (u64)0, SEEK_DATA, 0),
			 0);
	assert_in_range(fuse_get(&client, 0, 8), 0, MiB);
	assert_int_equal(fuse_call(&client, FUSE_LSEEK, ROOT, "qqdd", from, MiB, SEEK_HOLE, 0), 0);
	assert_int_equal(fuse_get(&client, 0, 8), MiB + 3);
	assert_int_equal(fuse_call(&client, FUSE_LSEEK, ROOT, "qqdd", from, UINT64_MAX, SEEK_DATA,
				   0),
			 ENXIO);
	assert_int_equal(fuse_call(&client, FUSE_LSEEK, ROOT, "qqdd", from, (u64)0, SEEK_SET, 0),
			 EINVAL);
	assert_int_equal(fuse_call(&client, FUSE_COPY_FILE_RANGE, ROOT, "qqqqqqq", from, MiB, ROOT,
				   to, (u64)1, (u64)UINT64_MAX, (u64)0),
			 0);
	assert_int_equal(fuse_get(&client, 0, 4), 3);
	assert_int_equal(read_at(to, 0, 10), 0);
	assert_memory_equal(client.reply + FUSE_REPLY_MIN, "\0end", 4);
	assert_int_equal(
		fuse_call(&client, FUSE_FALLOCATE, ROOT, "qqqdd", to, (u64)0, (u64)4096, 0, 0), 0);
	assert_int_equal(attribute(fuse_test_walk("to"), ATTR_SIZE, 8), 4096);
	assert_int_equal(fuse_call(&client, FUSE_FALLOCATE, ROOT, "qqqdd", to, (u64)0, (u64)4096, 8,
				   0),
			 EOPNOTSUPP); /* FALLOC_FL_COLLAPSE_RANGE */
	assert_int_equal(fuse_call(&client, FUSE_FALLOCATE, ROOT, "qqqdd", to, (u64)1,
				   (u64)UINT64_MAX, 0, 0),
			 EFBIG);
}

/* Two names of a file are one node, which remains while one name is left. */
static void test_hard_links(void **state)
{
	u64 file, handle = fuse_test_create(ROOT, "a", O_RDWR, 0644);

	(void)state;
	file = fuse_test_walk("a");
	assert_int_equal(release(handle), 0);
	assert_int_equal(fuse_call(&client, FUSE_LINK, ROOT, "qs", file, "b"), 0);
	assert_int_equal(fuse_get(&client, 0, 8), file);
	assert_int_equal(fuse_get(&client, OF_ENTRY(ATTR_NLINK), 4), 2);
	assert_int_equal(fuse_call(&client, FUSE_UNLINK, ROOT, "s", "b"), 0);
	assert_int_equal(fuse_call(&client, FUSE_OPEN, file, "dd", O_RDONLY, 0), 0);
	/* A request that needs a name makes the client look it up again. */
	assert_int_equal(fuse_call(&client, FUSE_LINK, ROOT, "qs", file, "c"), ESTALE);
	assert_int_equal(fuse_call(&client, FUSE_LISTXATTR, file, "dd", 100, 0), ESTALE);
	assert_int_equal(fuse_test_walk("a"), file);
	assert_int_equal(fuse_call(&client, FUSE_LINK, ROOT, "qs", file, "c"), 0);
	assert_int_equal(fuse_call(&client, FUSE_LISTXATTR, file, "dd", 100, 0), 0);
}

static int rename_to(u64 from, const char *name, u64 to, const char *new_name, u32 flags)
{
	return fuse_call(&client, FUSE_RENAME2, from, "qddss", to, flags, 0, name, new_name);
}

static void test_renames_carry_nodes(void **state)
{
	u64 a, b, z;

	(void)state;
	assert_int_equal(fuse_call(&client, FUSE_MKDIR, ROOT, "dds", 0755, 0, "a"), 0);
	a = fuse_get(&client, 0, 8);
	assert_int_equal(fuse_call(&client, FUSE_MKDIR, ROOT, "dds", 0755, 0, "z"), 0);
	z = fuse_get(&client, 0, 8);
	assert_int_equal(fuse_call(&client, FUSE_MKDIR, a, "dds", 0755, 0, "b"), 0);
	b = fuse_get(&client, 0, 8);
	assert_int_equal(fuse_call(&client, FUSE_RENAME, ROOT, "qss", z, "a", "c"), 0);
	assert_int_equal(fuse_call(&client, FUSE_MKDIR, b, "dds", 0755, 0, "deep"), 0);
	assert_int_equal(access(fuse_host(&client, "share/z/c/b/deep"), F_OK), 0);
	assert_int_equal(fuse_test_walk("z/c/b"), b);
	assert_int_equal(rename_to(a, "b", ROOT, "z", RENAME_NOREPLACE), EEXIST);
	assert_int_equal(rename_to(a, "b", ROOT, "z", RENAME_EXCHANGE), EINVAL);
	assert_int_equal(rename_to(a, "b", ROOT, "z", RENAME_WHITEOUT), EINVAL);
	assert_int_equal(rename_to(a, "b", ROOT, "z", 0), ENOTEMPTY);
	assert_int_equal(rename_to(a, "b", ROOT, "top", RENAME_NOREPLACE), 0);
	assert_int_equal(fuse_test_walk("top"), b);
	assert_int_equal(rename_to(ROOT, "z", a, "z", 0), EINVAL);
	assert_int_equal(fuse_call(&client, FUSE_RMDIR, ROOT, "s", "z"), ENOTEMPTY);
	assert_int_equal(fuse_call(&client, FUSE_RMDIR, z, "s", "c"), 0);
	assert_int_equal(fuse_call(&client, FUSE_MKDIR, a, "dds", 0755, 0, "x"), ESTALE);
}

/* All names of the root, read by `count` bytes at a time; each entry must be whole. */
static unsigned read_folder(u32 opcode, u32 count)
{
	u32 fixed = opcode == FUSE_READDIR ? 0 : 128;
	unsigned names = 0;
	u64 offset = 0, handle;

	assert_int_equal(fuse_call(&client, FUSE_OPENDIR, ROOT, "dd", 0, 0), 0);
	handle = fuse_get(&client, 0, 8);
	for (;;) {
		u32 at = 0, size;

		assert_int_equal(fuse_call(&client, opcode, ROOT, "qqddqdd", handle, offset, count,
					   0, (u64)0, 0, 0),
				 0);
		size = client.size - FUSE_REPLY_MIN;
		assert_true(size <= count);
		if (!size)
			break;
		for (; at < size; names++) {
			u32 length = (u32)fuse_get(&client, at + fixed + 16, 4);

			offset = fuse_get(&client, at + fixed + 8, 8);
			at += (fixed + 24 + length + 7) & ~7u;
		}
		assert_int_equal(at, size);
	}
	assert_int_equal(fuse_call(&client, FUSE_RELEASEDIR, ROOT, "qddq", handle, 0, 0, (u64)0),
			 0);
	return names;
}

/* Returns the size of the last request. */
static u32 request_size(void)
{
	return ((const struct fuse_in_header *)client.request)->len;
}

/* The size that is asked for is not what is allocated. */
static void test_folders_of_any_size(void **state)
{
	static const u32 sizes[] = { 300, 4096, 65536, 0x7fffffff, UINT32_MAX };
	u64 handle;
	char name[32];

	(void)state;
	for (unsigned n = 0; n < 300; n++) {
		snprintf(name, sizeof(name), "file-%u", n);
		assert_int_equal(fuse_call(&client, FUSE_MKNOD, ROOT, "dddds", S_IFREG | 0644, 0, 0,
					   0, name),
				 0);
	}
	for (unsigned n = 0; n < ARRAY_SIZE(sizes); n++) {
		assert_int_equal(read_folder(FUSE_READDIR, sizes[n]), 302);
		assert_int_equal(read_folder(FUSE_READDIRPLUS, sizes[n]), 302);
	}
	assert_int_equal(fuse_call(&client, FUSE_OPENDIR, ROOT, "dd", 0, 0), 0);
	handle = fuse_get(&client, 0, 8);
	for (u32 count = 0; count < 32; count++)
		assert_int_equal(fuse_call(&client, FUSE_READDIR, ROOT, "qqddqdd", handle, (u64)0,
					   count, 0, (u64)0, 0, 0),
				 EINVAL);
	assert_int_equal(fuse_call(&client, FUSE_READDIR, ROOT, "qqddqdd", handle, UINT64_MAX, 4096,
				   0, (u64)0, 0, 0),
			 EINVAL);
	/* Nor is it the room that there is for an answer. */
	fuse_call(&client, FUSE_READDIR, ROOT, "qqddqdd", handle, (u64)0, MiB, 0, (u64)0, 0, 0);
	memset(client.reply, 0xa5, sizeof(client.reply));
	assert_in_range(fuse_answer(client.fuse, client.request, request_size(), client.reply, 999),
			500, 999);
	assert_int_equal(client.reply[999], 0xa5);
	/* A folder is no file, and the other way round. */
	assert_int_equal(read_at(handle, 0, 10), EBADF);
	assert_int_equal(release(handle), EBADF);
	assert_int_equal(fuse_call(&client, FUSE_OPENDIR, fuse_test_walk("file-0"), "dd", 0, 0),
			 ENOTDIR);
	assert_int_equal(fuse_call(&client, FUSE_OPEN, ROOT, "dd", 0, 0), EISDIR);
}

static void test_xattrs(void **state)
{
	u64 node = (fuse_test_create(ROOT, "f", O_RDWR, 0644), fuse_test_walk("f"));

	(void)state;
	assert_int_equal(
		fuse_call(&client, FUSE_SETXATTR, node, "ddsD", 5, 0, "user.a", 5, "value"), 0);
	assert_int_equal(fuse_call(&client, FUSE_SETXATTR, node, "ddsD", 5, 1, "user.a", 5,
				   "value"),
			 EEXIST);
	assert_int_equal(fuse_call(&client, FUSE_SETXATTR, node, "dds", 0, 0, "user.empty"), 0);
	assert_int_equal(fuse_call(&client, FUSE_GETXATTR, node, "dds", 0, 0, "user.a"), 0);
	assert_int_equal(fuse_get(&client, 0, 4), 5);
	assert_int_equal(fuse_call(&client, FUSE_GETXATTR, node, "dds", 4, 0, "user.a"), ERANGE);
	assert_int_equal(fuse_call(&client, FUSE_GETXATTR, node, "dds", 100, 0, "user.a"), 0);
	assert_int_equal(client.size, FUSE_REPLY_MIN + 5);
	assert_memory_equal(client.reply + FUSE_REPLY_MIN, "value", 5);
	assert_int_equal(fuse_call(&client, FUSE_LISTXATTR, node, "dd", 0, 0), 0);
	assert_int_equal(fuse_get(&client, 0, 4), 18);
	assert_int_equal(fuse_call(&client, FUSE_LISTXATTR, node, "dd", 18, 0), 0);
	assert_int_equal(fuse_call(&client, FUSE_REMOVEXATTR, node, "s", "user.a"), 0);
	assert_int_equal(fuse_call(&client, FUSE_GETXATTR, node, "dds", 0, 0, "user.a"), ENODATA);
	assert_int_equal(fuse_call(&client, FUSE_SETXATTR, node, "ddsD", 70000, 0, "user.a", 70000,
				   client.reply),
			 E2BIG);
}

/* Owner, mode, links and devices as the guest has them, and nothing of it on the host. */
static void test_mapped(void **state)
{
	struct stat st;
	u64 node, handle;

	(void)state;
	client.uid = 1000;
	handle = fuse_test_create(ROOT, "f", O_RDWR, 04751);
	node = fuse_test_walk("f");
	assert_int_equal(lstat(fuse_host(&client, "share/f"), &st), 0);
	assert_int_equal(st.st_mode, S_IFREG | 0600);
	assert_int_equal(attribute(node, ATTR_MODE, 4), S_IFREG | 04751);
	assert_int_equal(attribute(node, ATTR_UID, 4), 1000);
	/* When a user without rights writes, the program is no longer set-uid. */
	assert_int_equal(fuse_call(&client, FUSE_WRITE, node, "qqddqddD", handle, (u64)0, 1,
				   FUSE_WRITE_KILL_SUIDGID, (u64)0, 0, 0, 1, "x"),
			 0);
	assert_int_equal(attribute(node, ATTR_MODE, 4), S_IFREG | 0751);
	assert_int_equal(fuse_set(node, FATTR_MODE, 0, 0, 06777), 0);
	assert_int_equal(attribute(node, ATTR_MODE, 4), S_IFREG | 06777);
	assert_int_equal(fuse_set(node, FATTR_UID | FATTR_GID, 0, 0, 0), 0);
	assert_int_equal(attribute(node, ATTR_MODE, 4), S_IFREG | 0777);
	assert_int_equal(attribute(node, ATTR_GID, 4), 1001);
	/* Also of what has no name any more. */
	assert_int_equal(fuse_call(&client, FUSE_UNLINK, ROOT, "s", "f"), 0);
	assert_int_equal(attribute(node, ATTR_UID, 4), 1000);
	assert_int_equal(fuse_set(node, FATTR_MODE, 0, 0, 0123), 0);
	assert_int_equal(attribute(node, ATTR_MODE, 4), S_IFREG | 0123);
	assert_int_equal(fuse_call(&client, FUSE_MKNOD, ROOT, "dddds", S_IFBLK | 0666,
				   259 << 8 | 0x34 | 0x12 << 20, 0, 0, "disk"),
			 0);
	assert_int_equal(fuse_get(&client, OF_ENTRY(ATTR_RDEV), 4), 259 << 8 | 0x34 | 0x12 << 20);
}

/* New files in a set-gid folder have its group, and new folders are set-gid, too. */
static void test_group_of_the_folder(void **state)
{
	u64 dir;

	(void)state;
	assert_int_equal(fuse_call(&client, FUSE_MKDIR, ROOT, "dds", 02775, 0, "d"), 0);
	dir = fuse_get(&client, 0, 8);
	assert_int_equal(fuse_set(dir, FATTR_GID, 0, 0, 0), 0);
	assert_int_equal(fuse_set(dir, FATTR_MODE, 0, 0, 02775), 0);
	client.uid = 5;
	assert_int_equal(fuse_call(&client, FUSE_MKDIR, dir, "dds", 0755, 0, "sub"), 0);
	assert_int_equal(fuse_get(&client, OF_ENTRY(ATTR_MODE), 4), S_IFDIR | 02755);
	assert_int_equal(fuse_get(&client, OF_ENTRY(ATTR_GID), 4), 1001);
	fuse_test_create(dir, "f", O_RDWR, 0644);
	assert_int_equal(fuse_get(&client, OF_ENTRY(ATTR_GID), 4), 1001);
	assert_int_equal(fuse_get(&client, OF_ENTRY(ATTR_UID), 4), 5);
}

/* The client may cache names, attributes, links and data; its writes arrive at once. */
static void test_always(void **state)
{
	u32 features = (u32)fuse_get(&client, 12, 4);

	(void)state;
	assert_int_equal(features & (FUSE_WRITEBACK_CACHE | FUSE_AUTO_INVAL_DATA), 0);
	assert_int_equal(features & FUSE_CACHE_SYMLINKS, FUSE_CACHE_SYMLINKS);
	fuse_test_create(ROOT, "f", O_RDWR, 0644);
	assert_int_equal(fuse_get(&client, 16, 8), 86400);
	assert_int_equal(fuse_get(&client, 24, 8), 86400);
	assert_int_equal(fuse_get(&client, 136, 4), FOPEN_KEEP_CACHE);
	assert_int_equal(fuse_call(&client, FUSE_OPENDIR, ROOT, "dd", 0, 0), 0);
	assert_int_equal(fuse_get(&client, 8, 4), FOPEN_KEEP_CACHE | FOPEN_CACHE_DIR);
}

static void test_nodes_and_statfs(void **state)
{
	struct {
		u64 node, lookups;
	} both[2];
	u64 a = (fuse_test_create(ROOT, "a", O_RDWR, 0644), fuse_test_walk("a"));
	u64 b = (fuse_test_create(ROOT, "b", O_RDWR, 0644), fuse_test_walk("b"));

	(void)state;
	assert_int_equal(fuse_call(&client, FUSE_STATFS, ROOT, ""), 0);
	assert_int_equal(fuse_get(&client, 44, 4), 255);
	assert_int_equal(fuse_call(&client, FUSE_ACCESS, a, "dd", W_OK, 0), 0);
	assert_int_equal(fuse_call(&client, FUSE_ACCESS, a, "dd", 8, 0), EINVAL);
	both[0].node = a;
	both[1].node = b;
	both[0].lookups = both[1].lookups = 1;
	assert_int_equal(fuse_call(&client, FUSE_BATCH_FORGET, 0, "ddD", 2, 0, sizeof(both), both),
			 0);
	assert_int_equal(client.size, 0);
	attribute(a, ATTR_MODE, 4);
	assert_int_equal(fuse_call(&client, FUSE_FORGET, a, "q", (u64)1), 0);
	assert_int_equal(fuse_call(&client, FUSE_GETATTR, a, "ddq", 0, 0, (u64)0), ESTALE);
	attribute(b, ATTR_MODE, 4);
	assert_int_equal(fuse_call(&client, FUSE_INTERRUPT, 0, "q", (u64)7), 0);
	assert_int_equal(client.size, 0);
	/* Names are cached, or their absence is. */
	assert_int_equal(fuse_call(&client, FUSE_LOOKUP, ROOT, "s", "none"), 0);
	assert_int_equal(fuse_get(&client, 0, 8), 0);
	assert_int_equal(fuse_get(&client, 16, 8), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_init, setup, teardown),
		cmocka_unit_test_setup_teardown(test_files, setup, teardown),
		cmocka_unit_test_setup_teardown(test_files, setup_mapped, teardown),
		cmocka_unit_test_setup_teardown(test_holes_and_copies, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hard_links, setup, teardown),
		cmocka_unit_test_setup_teardown(test_renames_carry_nodes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_folders_of_any_size, setup, teardown),
		cmocka_unit_test_setup_teardown(test_xattrs, setup, teardown),
		cmocka_unit_test_setup_teardown(test_mapped, setup_mapped, teardown),
		cmocka_unit_test_setup_teardown(test_group_of_the_folder, setup_mapped, teardown),
		cmocka_unit_test_setup_teardown(test_always, setup_always, teardown),
		cmocka_unit_test_setup_teardown(test_nodes_and_statfs, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
