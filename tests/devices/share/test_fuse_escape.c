/* SPDX-License-Identifier: MIT */
/*
 * A FUSE client that tries to leave the shared folder: by "..", by symbolic links, by concurrent
 * renames, by hard links, by device nodes, by invalid names and by nodes that it was not given.
 * fuse_client_stop checks whether anything outside was touched.
 */
#include "fuse_client.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define ROOT FUSE_ROOT_ID

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

static int teardown(void **state)
{
	(void)state;
	fuse_client_stop(&client);
	return 0;
}

static u64 escape_walk(const char *path)
{
	int error;
	u64 node = fuse_walk(&client, path, &error);

	assert_int_equal(error, 0);
	return node;
}

static int open_error(const char *path, u32 flags)
{
	int error;

	fuse_open_path(&client, path, flags, &error);
	return error;
}

static int escape_create(u64 dir, const char *name, u32 flags, u32 mode)
{
	return fuse_call(&client, FUSE_CREATE, dir, "dddds", flags, mode, 0, 0, name);
}

/* Size 0, times 1 and 2, mode 0777, owner 12. */
static int escape_set(u64 node, u32 valid)
{
	return fuse_call(&client, FUSE_SETATTR, node, "ddqqqqqqdddddddd", valid, 0, (u64)0, (u64)0,
			 (u64)0, (u64)1, (u64)2, (u64)0, 0, 0, 0, 0777, 0, 12, 12, 0);
}

static int make_node(u64 dir, const char *name, u32 mode, u32 device)
{
	return fuse_call(&client, FUSE_MKNOD, dir, "dddds", mode, device, 0, 0, name);
}

static void test_up_is_never_out(void **state)
{
	u64 dir;

	(void)state;
	assert_int_equal(fuse_call(&client, FUSE_MKDIR, ROOT, "dds", 0755, 0, "d"), 0);
	dir = fuse_get(&client, 0, 8);
	assert_int_equal(escape_walk("d/.."), ROOT);
	assert_int_equal(escape_walk("d/../../../.."), ROOT);
	assert_int_equal(escape_walk("d/."), dir);
	assert_int_equal(open_error("d/../../outside/secret", O_RDONLY), ENOENT);
	assert_int_equal(open_error("../../etc/passwd", O_RDONLY), ENOENT);
}

static void test_names_that_are_none(void **state)
{
	u64 file;

	(void)state;
	assert_int_equal(escape_create(ROOT, "f", O_RDWR, 0644), 0);
	file = escape_walk("f");
	for (unsigned n = 0; n < PLACE_BAD_NAMES; n++) {
		const char *name = place_bad_names[n];

		assert_int_not_equal(fuse_call(&client, FUSE_MKDIR, ROOT, "dds", 0755, 0, name), 0);
		assert_int_not_equal(fuse_call(&client, FUSE_SYMLINK, ROOT, "ss", name, "x"), 0);
		assert_int_not_equal(make_node(ROOT, name, S_IFREG | 0644, 0), 0);
		assert_int_not_equal(escape_create(ROOT, name, O_RDWR, 0644), 0);
		assert_int_not_equal(fuse_call(&client, FUSE_LINK, ROOT, "qs", file, name), 0);
		assert_int_not_equal(fuse_call(&client, FUSE_RENAME, ROOT, "qss", ROOT, "f", name),
				     0);
		assert_int_not_equal(fuse_call(&client, FUSE_RENAME, ROOT, "qss", ROOT, name, "g"),
				     0);
		assert_int_not_equal(fuse_call(&client, FUSE_UNLINK, ROOT, "s", name), 0);
		assert_int_not_equal(fuse_call(&client, FUSE_RMDIR, ROOT, "s", name), 0);
		if (n != 1 && n != 2 && !fuse_call(&client, FUSE_LOOKUP, ROOT, "s", name))
			assert_int_equal(fuse_get(&client, 0, 8), 0);
	}
	assert_int_equal(access(fuse_host(&client, "share/f"), F_OK), 0);
}

/* A guest sees a link as such; it resolves the target by itself. */
static void links(void)
{
	static const char *const targets[] = { "/etc/passwd", "../outside/secret", "/", "..",
					       "l0" };
	char name[3] = "l0";
	u64 node;

	for (unsigned n = 0; n < ARRAY_SIZE(targets); n++, name[1]++) {
		assert_int_equal(fuse_call(&client, FUSE_SYMLINK, ROOT, "ss", name, targets[n]), 0);
		node = fuse_get(&client, 0, 8);
		assert_int_equal(fuse_get(&client, ENTRY_ATTR + 60, 4), S_IFLNK | 0777);
		assert_int_equal(fuse_call(&client, FUSE_READLINK, node, ""), 0);
		assert_int_equal(client.size, FUSE_REPLY_MIN + strlen(targets[n]));
		assert_memory_equal(client.reply + FUSE_REPLY_MIN, targets[n], strlen(targets[n]));
		assert_int_equal(fuse_call(&client, FUSE_OPEN, node, "dd", O_RDONLY, 0), ELOOP);
		assert_int_equal(fuse_call(&client, FUSE_OPEN, node, "dd", O_RDWR | O_TRUNC, 0),
				 ELOOP);
		assert_int_equal(fuse_call(&client, FUSE_OPENDIR, node, "dd", 0, 0), ELOOP);
		assert_int_equal(fuse_call(&client, FUSE_LOOKUP, node, "s", "secret"), ENOTDIR);
		assert_int_equal(fuse_call(&client, FUSE_MKDIR, node, "dds", 0755, 0, "n"),
				 ENOTDIR);
		assert_int_equal(escape_create(node, "n", O_RDWR, 0644), ENOTDIR);
		assert_int_equal(escape_set(node, FATTR_SIZE), ELOOP);
		/* Creating what is there opens it, or would. */
		assert_int_equal(escape_create(ROOT, name, O_CREAT | O_RDWR | O_TRUNC, 0644),
				 ELOOP);
		/* Nor is it followed when its name is gone. */
		assert_int_equal(fuse_call(&client, FUSE_UNLINK, ROOT, "s", name), 0);
		assert_int_equal(fuse_call(&client, FUSE_OPEN, node, "dd", O_RDONLY, 0), ELOOP);
		escape_set(node, FATTR_MODE);
		assert_int_equal(fuse_call(&client, FUSE_SYMLINK, ROOT, "ss", name, targets[n]), 0);
	}
}

static void test_links_are_data(void **state)
{
	struct stat st;

	(void)state;
	links();
	assert_int_equal(lstat(fuse_host(&client, "share/l1"), &st), 0);
	assert_true(S_ISLNK(st.st_mode));
}

static void test_mapped_links_are_files(void **state)
{
	struct stat st;

	(void)state;
	links();
	assert_int_equal(lstat(fuse_host(&client, "share/l1"), &st), 0);
	assert_true(S_ISREG(st.st_mode));
}

/* Links that the host put there are not followed either: mode, owner, times of the target stay. */
static void links_of_the_host(void)
{
	struct stat before, after;
	u64 dir, link;

	assert_int_equal(symlink("../outside", fuse_host(&client, "share/d")), 0);
	assert_int_equal(symlink("../outside/secret", fuse_host(&client, "share/f")), 0);
	assert_int_equal(stat(fuse_host(&client, "outside/secret"), &before), 0);
	dir = escape_walk("d");
	link = escape_walk("f");
	assert_int_equal(fuse_call(&client, FUSE_LOOKUP, dir, "s", "secret"), ENOTDIR);
	assert_int_equal(open_error("f", O_RDONLY), ELOOP);
	for (u32 valid = 1; valid <= FATTR_KILL_SUIDGID; valid <<= 1)
		escape_set(link, valid);
	fuse_call(&client, FUSE_SETXATTR, link, "ddsD", 1, 0, "user.x", 1, "x");
	assert_int_equal(fuse_call(&client, FUSE_RMDIR, ROOT, "s", "d"), ENOTDIR);
	assert_int_equal(fuse_call(&client, FUSE_RENAME, ROOT, "qss", ROOT, "d", "e"), 0);
	assert_int_equal(fuse_call(&client, FUSE_LINK, ROOT, "qs", link, "hard"), 0);
	assert_int_equal(lstat(fuse_host(&client, "share/hard"), &after), 0);
	assert_true(S_ISLNK(after.st_mode));
	/* By what is left of it when both names are gone. */
	assert_int_equal(fuse_call(&client, FUSE_UNLINK, ROOT, "s", "hard"), 0);
	assert_int_equal(fuse_call(&client, FUSE_OPEN, link, "dd", O_RDWR, 0), ELOOP);
	assert_int_equal(fuse_call(&client, FUSE_UNLINK, ROOT, "s", "f"), 0);
	assert_int_equal(fuse_call(&client, FUSE_OPEN, link, "dd", O_RDWR | O_TRUNC, 0), ELOOP);
	for (u32 valid = 1; valid <= FATTR_KILL_SUIDGID; valid <<= 1)
		escape_set(link, valid);
	assert_int_equal(stat(fuse_host(&client, "outside/secret"), &after), 0);
	assert_memory_equal(&before.st_mtim, &after.st_mtim, sizeof(before.st_mtim));
	assert_int_equal(before.st_mode, after.st_mode);
	assert_int_equal(before.st_uid, after.st_uid);
	assert_int_equal(before.st_nlink, after.st_nlink);
}

static void test_links_of_the_host(void **state)
{
	(void)state;
	links_of_the_host();
}

/* Neither made nor opened: the guest opens its own. */
static void test_device_nodes_and_fifos(void **state)
{
	u64 node;

	(void)state;
	assert_int_equal(make_node(ROOT, "null", S_IFCHR | 0666, 0x103), EPERM);
	assert_int_equal(make_node(ROOT, "disk", S_IFBLK | 0666, 0x800), EPERM);
	assert_int_equal(make_node(ROOT, "dir", S_IFDIR | 0666, 0), EINVAL);
	assert_int_equal(make_node(ROOT, "fifo", S_IFIFO | 0666, 0), 0);
	node = fuse_get(&client, 0, 8);
	assert_int_equal(open_error("fifo", O_RDONLY), EACCES);
	assert_int_equal(open_error("fifo", O_WRONLY), EACCES);
	assert_int_equal(escape_create(ROOT, "fifo", O_WRONLY, 0644), EACCES);
	assert_int_equal(fuse_call(&client, FUSE_UNLINK, ROOT, "s", "fifo"), 0);
	assert_int_equal(fuse_call(&client, FUSE_OPEN, node, "dd", O_RDONLY, 0), EACCES);
	if (mknod(fuse_host(&client, "share/zero"), S_IFCHR | 0666, makedev(1, 5)) == 0) {
		assert_int_equal(open_error("zero", O_RDONLY), EACCES);
		node = escape_walk("zero");
		assert_int_equal(fuse_call(&client, FUSE_UNLINK, ROOT, "s", "zero"), 0);
		assert_int_equal(fuse_call(&client, FUSE_OPEN, node, "dd", O_RDONLY, 0), EACCES);
	}
}

/* With attributes a guest has its devices, and the host has plain files. */
static void test_mapped_device_nodes(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(make_node(ROOT, "null", S_IFCHR | 0666, 0x103), 0);
	assert_int_equal(fuse_get(&client, ENTRY_ATTR + 60, 4), S_IFCHR | 0666);
	assert_int_equal(fuse_get(&client, ENTRY_ATTR + 76, 4), 0x103);
	assert_int_equal(open_error("null", O_RDONLY), EACCES);
	assert_int_equal(lstat(fuse_host(&client, "share/null"), &st), 0);
	assert_int_equal(st.st_mode, S_IFREG | 0600);
}

/* A set-uid program would be one of the host's user. */
static void test_no_set_uid_programs(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(escape_create(ROOT, "f", O_RDWR, 06755), 0);
	assert_int_equal(lstat(fuse_host(&client, "share/f"), &st), 0);
	assert_int_equal(st.st_mode & 07000, 0);
	fuse_call(&client, FUSE_SETATTR, escape_walk("f"), "ddqqqqqqdddddddd", FATTR_MODE, 0,
		  (u64)0, (u64)0, (u64)0, (u64)0, (u64)0, (u64)0, 0, 0, 0, 06777, 0, 0, 0, 0);
	assert_int_equal(lstat(fuse_host(&client, "share/f"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0777);
}

static void test_rename_race(void **state)
{
	unsigned inside = 0, failed = 0;
	u64 dir;
	int error;

	(void)state;
	place_swap_start(&client.place);
	for (unsigned n = 0; n < 20000; n++) {
		u64 handle = fuse_open_path(&client, "d/secret", O_RDWR, &error);

		if (handle) {
			/* The one inside is empty. */
			assert_int_equal(fuse_call(&client, FUSE_READ, ROOT, "qqddqdd", handle,
						   (u64)0, 100, 0, (u64)0, 0, 0),
					 0);
			assert_int_equal(client.size, FUSE_REPLY_MIN);
			assert_int_equal(fuse_call(&client, FUSE_RELEASE, ROOT, "qddq", handle, 0,
						   0, (u64)0),
					 0);
			inside++;
		} else {
			failed++;
		}
		dir = fuse_walk(&client, "d", &error);
		if (!dir)
			continue;
		fuse_call(&client, FUSE_MKDIR, dir, "dds", 0755, 0, "made");
		fuse_call(&client, FUSE_RMDIR, dir, "s", "made");
		fuse_call(&client, FUSE_RENAME, dir, "qss", dir, "secret", "secret");
		fuse_call(&client, FUSE_FORGET, dir, "q", UINT64_MAX);
	}
	place_swap_stop();
	assert_true(inside && failed);
}

/* The host's tree and the server's may differ: that must make no cycle, and no way out. */
static void test_moved_by_the_host(void **state)
{
	u64 a, b;

	(void)state;
	assert_int_equal(fuse_call(&client, FUSE_MKDIR, ROOT, "dds", 0755, 0, "a"), 0);
	a = fuse_get(&client, 0, 8);
	assert_int_equal(fuse_call(&client, FUSE_MKDIR, a, "dds", 0755, 0, "b"), 0);
	b = fuse_get(&client, 0, 8);
	assert_int_equal(fuse_call(&client, FUSE_MKDIR, b, "dds", 0755, 0, "c"), 0);
	assert_int_equal(rename(fuse_host(&client, "share/a/b"), fuse_host(&client, "share/b")), 0);
	/* a into b, which was in a. */
	assert_int_equal(fuse_call(&client, FUSE_RENAME, ROOT, "qss", b, "a", "a"), 0);
	fuse_call(&client, FUSE_MKDIR, a, "dds", 0755, 0, "x");
	fuse_call(&client, FUSE_MKDIR, b, "dds", 0755, 0, "x");
	for (unsigned n = 0; n < 8; n++)
		fuse_call(&client, FUSE_LOOKUP, b, "s", "..");
	/* It is the same node at its new place. */
	assert_int_equal(escape_walk("b"), b);
	assert_int_equal(escape_walk("b/a"), a);
	assert_int_equal(fuse_call(&client, FUSE_MKDIR, a, "dds", 0755, 0, "y"), 0);
	assert_int_equal(access(fuse_host(&client, "share/b/a/y"), F_OK), 0);
}

/* A folder that was replaced is the new one when it is looked up. */
static void test_replaced_by_the_host(void **state)
{
	u64 before, after;

	(void)state;
	assert_int_equal(fuse_call(&client, FUSE_MKDIR, ROOT, "dds", 0755, 0, "d"), 0);
	before = fuse_get(&client, 0, 8);
	assert_int_equal(fuse_call(&client, FUSE_MKDIR, before, "dds", 0755, 0, "x"), 0);
	assert_int_equal(rename(fuse_host(&client, "share/d"), fuse_host(&client, "share/e")), 0);
	assert_int_equal(mkdir(fuse_host(&client, "share/d"), 0755), 0);
	after = escape_walk("d");
	assert_int_not_equal(after, before);
	assert_int_equal(fuse_call(&client, FUSE_MKDIR, after, "dds", 0755, 0, "y"), 0);
	assert_int_equal(access(fuse_host(&client, "share/d/y"), F_OK), 0);
}

/* The host's own attributes are hidden from the guest: capabilities, lists, labels, Baya's. */
static void test_attributes_of_the_host(void **state)
{
	static const char *const names[] = {
		"security.capability", "trusted.x", "system.posix_acl_access", "user.", "user",
		"user.virtfs.mode", "user.virtfs.uid", "",
	};
	u64 node;

	(void)state;
	assert_int_equal(escape_create(ROOT, "f", O_RDWR, 0644), 0);
	node = escape_walk("f");
	for (unsigned n = 0; n < ARRAY_SIZE(names); n++) {
		assert_int_equal(fuse_call(&client, FUSE_SETXATTR, node, "ddsD", 4, 0, names[n], 4,
					   "abcd"),
				 EOPNOTSUPP);
		assert_int_equal(fuse_call(&client, FUSE_REMOVEXATTR, node, "s", names[n]),
				 EOPNOTSUPP);
		assert_int_equal(fuse_call(&client, FUSE_GETXATTR, node, "dds", 100, 0, names[n]),
				 EOPNOTSUPP);
	}
}

static void test_readonly(void **state)
{
	static const u32 flags[] = { O_WRONLY, O_RDWR, O_RDONLY | O_TRUNC, O_RDWR | O_APPEND };
	const struct share_config config = { .security = SHARE_NONE, .readonly = true };
	u64 node, handle;
	int error;

	(void)state;
	assert_int_equal(escape_create(ROOT, "f", O_RDWR, 0644), 0);
	fuse_client_restart(&client, &config);
	for (unsigned n = 0; n < ARRAY_SIZE(flags); n++)
		assert_int_equal(open_error("f", flags[n]), EROFS);
	node = escape_walk("f");
	assert_int_equal(fuse_call(&client, FUSE_MKDIR, ROOT, "dds", 0755, 0, "n"), EROFS);
	assert_int_equal(make_node(ROOT, "n", S_IFREG | 0644, 0), EROFS);
	assert_int_equal(fuse_call(&client, FUSE_SYMLINK, ROOT, "ss", "n", "x"), EROFS);
	assert_int_equal(fuse_call(&client, FUSE_LINK, ROOT, "qs", node, "n"), EROFS);
	assert_int_equal(fuse_call(&client, FUSE_RENAME, ROOT, "qss", ROOT, "f", "n"), EROFS);
	assert_int_equal(fuse_call(&client, FUSE_UNLINK, ROOT, "s", "f"), EROFS);
	assert_int_equal(fuse_call(&client, FUSE_ACCESS, node, "dd", W_OK, 0), EROFS);
	for (u32 valid = 1; valid <= FATTR_MTIME; valid <<= 1)
		assert_int_equal(escape_set(node, valid), EROFS);
	assert_int_equal(fuse_call(&client, FUSE_SETXATTR, node, "ddsD", 1, 0, "user.x", 1, "x"),
			 EROFS);
	assert_int_equal(escape_create(ROOT, "n", O_RDWR, 0644), EROFS);
	/* Nor by a file that is open for reading. */
	handle = fuse_open_path(&client, "f", O_RDONLY, &error);
	assert_int_equal(fuse_call(&client, FUSE_WRITE, node, "qqddqddD", handle, (u64)0, 1, 0,
				   (u64)0, 0, 0, 1, "x"),
			 EBADF);
	assert_int_equal(fuse_call(&client, FUSE_FALLOCATE, node, "qqqdd", handle, (u64)0, (u64)9,
				   0, 0),
			 EBADF);
	assert_int_equal(fuse_call(&client, FUSE_COPY_FILE_RANGE, node, "qqqqqqq", handle, (u64)0,
				   node, handle, (u64)9, (u64)1, (u64)0),
			 EBADF);
	assert_int_equal(fuse_call(&client, FUSE_SETATTR, node, "ddqqqqqqdddddddd",
				   FATTR_SIZE | FATTR_FH, 0, handle, (u64)9, (u64)0, (u64)0, (u64)0,
				   (u64)0, 0, 0, 0, 0, 0, 0, 0, 0),
			 EINVAL);
	assert_int_equal(access(fuse_host(&client, "share/f"), F_OK), 0);
	assert_int_not_equal(access(fuse_host(&client, "share/n"), F_OK), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_up_is_never_out, setup, teardown),
		cmocka_unit_test_setup_teardown(test_names_that_are_none, setup, teardown),
		cmocka_unit_test_setup_teardown(test_links_are_data, setup, teardown),
		cmocka_unit_test_setup_teardown(test_mapped_links_are_files, setup_mapped,
						teardown),
		cmocka_unit_test_setup_teardown(test_links_of_the_host, setup, teardown),
		cmocka_unit_test_setup_teardown(test_links_of_the_host, setup_mapped, teardown),
		cmocka_unit_test_setup_teardown(test_device_nodes_and_fifos, setup, teardown),
		cmocka_unit_test_setup_teardown(test_mapped_device_nodes, setup_mapped, teardown),
		cmocka_unit_test_setup_teardown(test_no_set_uid_programs, setup, teardown),
		cmocka_unit_test_setup_teardown(test_rename_race, setup, teardown),
		cmocka_unit_test_setup_teardown(test_moved_by_the_host, setup, teardown),
		cmocka_unit_test_setup_teardown(test_replaced_by_the_host, setup, teardown),
		cmocka_unit_test_setup_teardown(test_attributes_of_the_host, setup, teardown),
		cmocka_unit_test_setup_teardown(test_readonly, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
