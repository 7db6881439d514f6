/* SPDX-License-Identifier: MIT */
/*
 * A client that tries to leave the shared folder: by "..", by symbolic links, by concurrent
 * renames, by hard links, by device nodes and by invalid names. client_stop checks whether anything
 * outside was touched.
 */
#include "client.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

static struct client client;

static int setup(void **state)
{
	(void)state;
	client_start(&client, SHARE_NONE, false);
	return 0;
}

static int setup_mapped(void **state)
{
	(void)state;
	client_start(&client, SHARE_MAPPED, false);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	client_stop(&client);
	return 0;
}

static void test_up_is_never_out(void **state)
{
	u64 inode;

	(void)state;
	assert_int_equal(client_call(&client, TMKDIR, "dsdd", ROOT, "d", 0755, 0), 0);
	assert_int_equal(client_call(&client, TGETATTR, "dq", ROOT, (u64)0x7ff), 0);
	inode = client_get(&client, 13, 8);
	assert_int_equal(client_walk(&client, 2, "d/../../../.."), 0);
	assert_int_equal(client_call(&client, TGETATTR, "dq", 2, (u64)0x7ff), 0);
	assert_int_equal(client_get(&client, 13, 8), inode);
	assert_int_equal(client_walk(&client, 3, "d/../../outside"), ENOENT);
	assert_int_equal(client_walk(&client, 3, "../../etc"), ENOENT);
}

static void test_names_that_are_none(void **state)
{
	(void)state;
	assert_int_equal(client_call(&client, TLCREATE, "dsddd", ROOT, "f", O_RDWR, 0644, 0), 0);
	assert_int_equal(client_call(&client, TATTACH, "ddssd", 2, NOFID, "", "", 0), 0);
	for (unsigned n = 0; n < PLACE_BAD_NAMES; n++) {
		const char *name = place_bad_names[n];

		assert_int_not_equal(client_call(&client, TMKDIR, "dsdd", 2, name, 0755, 0), 0);
		assert_int_not_equal(client_call(&client, TSYMLINK, "dssd", 2, name, "x", 0), 0);
		assert_int_not_equal(client_call(&client, TMKNOD, "dsdddd", 2, name, S_IFREG | 0644,
						 0, 0, 0),
				     0);
		assert_int_not_equal(client_call(&client, TLINK, "dds", 2, ROOT, name), 0);
		assert_int_not_equal(client_call(&client, TRENAMEAT, "dsds", 2, "f", 2, name), 0);
		assert_int_not_equal(client_call(&client, TRENAMEAT, "dsds", 2, name, 2, "g"), 0);
		assert_int_not_equal(client_call(&client, TRENAME, "dds", ROOT, 2, name), 0);
		assert_int_not_equal(client_call(&client, TUNLINKAT, "dsd", 2, name, 0), 0);
		assert_int_not_equal(client_call(&client, TUNLINKAT, "dsd", 2, name, 0x200), 0);
		if (n != 1 && n != 2)
			assert_int_not_equal(client_call(&client, TWALK, "ddws", 2, 3, 1, name), 0);
	}
	assert_int_equal(access(client_host(&client, "share/f"), F_OK), 0);
}

/* A guest sees a link as such; it resolves the target by itself. */
static void links(void)
{
	static const char *const targets[] = { "/etc/passwd", "../outside/secret", "/", "..",
					       "l0" };
	char name[3] = "l0";

	for (unsigned n = 0; n < ARRAY_SIZE(targets); n++, name[1]++) {
		assert_int_equal(client_call(&client, TSYMLINK, "dssd", ROOT, name, targets[n], 0),
				 0);
		assert_int_equal(client_get(&client, 0, 1), 0x02);
		assert_int_equal(client_walk(&client, 2, name), 0);
		assert_int_equal(client_call(&client, TREADLINK, "d", 2), 0);
		assert_int_equal(client_get(&client, 0, 2), strlen(targets[n]));
		assert_memory_equal(client.reply + 9, targets[n], strlen(targets[n]));
		assert_int_equal(client_call(&client, TLOPEN, "dd", 2, O_RDONLY), ELOOP);
		assert_int_equal(client_call(&client, TLOPEN, "dd", 2, O_RDWR | O_TRUNC), ELOOP);
		assert_int_equal(client_call(&client, TWALK, "ddws", 2, 3, 1, "secret"), ENOTDIR);
		assert_int_equal(client_call(&client, TMKDIR, "dsdd", 2, "n", 0755, 0), ENOTDIR);
		assert_int_equal(client_call(&client, TLCREATE, "dsddd", 2, "n", O_RDWR, 0644, 0),
				 ENOTDIR);
		assert_int_equal(client_call(&client, TSETATTR, "dddddqqqqq", 2, 8, 0, 0, 0, (u64)0,
					     (u64)0, (u64)0, (u64)0, (u64)0),
				 ELOOP);
		assert_int_equal(client_call(&client, TCLUNK, "d", 2), 0);
		/* Creating what is there opens it, or would. */
		assert_int_equal(client_call(&client, TWALK, "ddw", ROOT, 2, 0), 0);
		assert_int_equal(client_call(&client, TLCREATE, "dsddd", 2, name,
					     O_CREAT | O_RDWR | O_TRUNC, 0644, 0),
				 ELOOP);
		assert_int_equal(client_call(&client, TCLUNK, "d", 2), 0);
	}
}

static void test_links_are_data(void **state)
{
	struct stat st;

	(void)state;
	links();
	assert_int_equal(lstat(client_host(&client, "share/l1"), &st), 0);
	assert_true(S_ISLNK(st.st_mode));
}

static void test_mapped_links_are_files(void **state)
{
	struct stat st;

	(void)state;
	links();
	assert_int_equal(lstat(client_host(&client, "share/l1"), &st), 0);
	assert_true(S_ISREG(st.st_mode));
}

/* Links that the host put there are not followed either: mode, owner, times of the target stay. */
static void test_links_of_the_host(void **state)
{
	struct stat before, after;
	const char *secret = client_host(&client, "outside/secret");

	(void)state;
	assert_int_equal(symlink("../outside", client_host(&client, "share/d")), 0);
	assert_int_equal(symlink("../outside/secret", client_host(&client, "share/f")), 0);
	assert_int_equal(stat(secret, &before), 0);
	assert_int_equal(client_walk(&client, 2, "d/secret"), ENOTDIR);
	assert_int_equal(client_open(&client, 2, "d", O_RDONLY), ELOOP);
	assert_int_equal(client_walk(&client, 2, "f"), 0);
	client_call(&client, TSETATTR, "dddddqqqqq", 2, 0x1b7, 0777, 12, 12, (u64)0, (u64)1, (u64)0,
		    (u64)1, (u64)0);
	client_call(&client, TSETATTR, "dddddqqqqq", 2, 0x1b0, 0777, 12, 12, (u64)0, (u64)1, (u64)0,
		    (u64)1, (u64)0);
	client_call(&client, TXATTRCREATE, "dsqd", 2, "user.x", (u64)1, 0);
	assert_int_equal(client_call(&client, TUNLINKAT, "dsd", ROOT, "d", 0x200), ENOTDIR);
	assert_int_equal(client_call(&client, TRENAMEAT, "dsds", ROOT, "d", ROOT, "e"), 0);
	assert_int_equal(client_call(&client, TLINK, "dds", ROOT, 2, "hard"), 0);
	assert_int_equal(lstat(client_host(&client, "share/hard"), &after), 0);
	assert_true(S_ISLNK(after.st_mode));
	assert_int_equal(client_call(&client, TUNLINKAT, "dsd", ROOT, "f", 0), 0);
	assert_int_equal(stat(secret, &after), 0);
	assert_memory_equal(&before.st_mtim, &after.st_mtim, sizeof(before.st_mtim));
	assert_int_equal(before.st_mode, after.st_mode);
	assert_int_equal(before.st_uid, after.st_uid);
	assert_int_equal(before.st_nlink, after.st_nlink);
}

/* Neither made nor opened: the guest opens its own. */
static void test_device_nodes_and_fifos(void **state)
{
	(void)state;
	assert_int_equal(client_call(&client, TMKNOD, "dsdddd", ROOT, "null", S_IFCHR | 0666, 1, 3,
				     0),
			 EPERM);
	assert_int_equal(client_call(&client, TMKNOD, "dsdddd", ROOT, "disk", S_IFBLK | 0666, 8, 0,
				     0),
			 EPERM);
	assert_int_equal(
		client_call(&client, TMKNOD, "dsdddd", ROOT, "fifo", S_IFIFO | 0666, 0, 0, 0), 0);
	assert_int_equal(client_open(&client, 2, "fifo", O_RDONLY), EACCES);
	assert_int_equal(client_open(&client, 2, "fifo", O_WRONLY), EACCES);
	assert_int_equal(client_call(&client, TWALK, "ddw", ROOT, 2, 0), 0);
	assert_int_equal(client_call(&client, TLCREATE, "dsddd", 2, "fifo", O_WRONLY, 0644, 0),
			 EACCES);
	if (mknod(client_host(&client, "share/zero"), S_IFCHR | 0666, makedev(1, 5)) == 0)
		assert_int_equal(client_open(&client, 3, "zero", O_RDONLY), EACCES);
}

/* With attributes a guest has its devices, and the host has plain files. */
static void test_mapped_device_nodes(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(
		client_call(&client, TMKNOD, "dsdddd", ROOT, "null", S_IFCHR | 0666, 1, 3, 7), 0);
	assert_int_equal(client_walk(&client, 2, "null"), 0);
	assert_int_equal(client_call(&client, TGETATTR, "dq", 2, (u64)0x7ff), 0);
	assert_int_equal(client_get(&client, 21, 4), S_IFCHR | 0666);
	assert_int_equal(client_get(&client, 29, 4), 7);
	assert_int_equal(client_get(&client, 41, 8), makedev(1, 3));
	assert_int_equal(client_call(&client, TLOPEN, "dd", 2, O_RDONLY), EACCES);
	assert_int_equal(lstat(client_host(&client, "share/null"), &st), 0);
	assert_int_equal(st.st_mode, S_IFREG | 0600);
}

/* A set-uid program would be one of the host's user. */
static void test_no_set_uid_programs(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(client_call(&client, TLCREATE, "dsddd", ROOT, "f", O_RDWR, 06755, 0), 0);
	assert_int_equal(lstat(client_host(&client, "share/f"), &st), 0);
	assert_int_equal(st.st_mode & 07000, 0);
	client_call(&client, TSETATTR, "dddddqqqqq", ROOT, 1, 06777, 0, 0, (u64)0, (u64)0, (u64)0,
		    (u64)0, (u64)0);
	assert_int_equal(lstat(client_host(&client, "share/f"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0777);
}

static void test_rename_race(void **state)
{
	unsigned inside = 0, failed = 0;

	(void)state;
	place_swap_start(&client.place);
	for (unsigned n = 0; n < 20000; n++) {
		if (!client_open(&client, 2, "d/secret", O_RDWR)) {
			/* The one inside is empty. */
			assert_int_equal(client_call(&client, TREAD, "dqd", 2, (u64)0, 100), 0);
			assert_int_equal(client_get(&client, 0, 4), 0);
			assert_int_equal(client_call(&client, TCLUNK, "d", 2), 0);
			inside++;
		} else {
			failed++;
		}
		if (!client_walk(&client, 2, "d")) {
			client_call(&client, TMKDIR, "dsdd", 2, "made", 0755, 0);
			client_call(&client, TUNLINKAT, "dsd", 2, "made", 0x200);
			client_call(&client, TRENAMEAT, "dsds", 2, "secret", 2, "secret");
			client_call(&client, TCLUNK, "d", 2);
		}
	}
	place_swap_stop();
	assert_true(inside && failed);
}

/* The host's tree and the server's may differ: that must make no cycle, and no way out. */
static void test_moved_by_the_host(void **state)
{
	(void)state;
	assert_int_equal(client_call(&client, TMKDIR, "dsdd", ROOT, "a", 0755, 0), 0);
	assert_int_equal(client_walk(&client, 2, "a"), 0);
	assert_int_equal(client_call(&client, TMKDIR, "dsdd", 2, "b", 0755, 0), 0);
	assert_int_equal(client_walk(&client, 3, "a/b"), 0);
	assert_int_equal(client_call(&client, TMKDIR, "dsdd", 3, "c", 0755, 0), 0);
	assert_int_equal(rename(client_host(&client, "share/a/b"), client_host(&client, "share/b")),
			 0);
	/* a into b, which was in a. */
	assert_int_equal(client_call(&client, TRENAMEAT, "dsds", ROOT, "a", 3, "a"), 0);
	client_call(&client, TMKDIR, "dsdd", 2, "x", 0755, 0);
	client_call(&client, TMKDIR, "dsdd", 3, "x", 0755, 0);
	for (unsigned n = 0; n < 8; n++)
		client_call(&client, TWALK, "ddws", 3, 3, 1, "..");
	client_call(&client, TGETATTR, "dq", 3, (u64)0x7ff);
	assert_int_equal(client_walk(&client, 4, "b/a/x"), 0);
}

/* A folder that was replaced is the new one when it is walked to. */
static void test_replaced_by_the_host(void **state)
{
	(void)state;
	assert_int_equal(client_call(&client, TMKDIR, "dsdd", ROOT, "d", 0755, 0), 0);
	assert_int_equal(client_walk(&client, 2, "d"), 0);
	assert_int_equal(client_call(&client, TMKDIR, "dsdd", 2, "x", 0755, 0), 0);
	assert_int_equal(rename(client_host(&client, "share/d"), client_host(&client, "share/e")),
			 0);
	assert_int_equal(mkdir(client_host(&client, "share/d"), 0755), 0);
	assert_int_equal(client_walk(&client, 3, "d"), 0);
	assert_int_equal(client_call(&client, TMKDIR, "dsdd", 3, "y", 0755, 0), 0);
	assert_int_equal(access(client_host(&client, "share/d/y"), F_OK), 0);
}

/* The host's own attributes are hidden from the guest: capabilities, lists, labels, Baya's. */
static void test_attributes_of_the_host(void **state)
{
	static const char *const names[] = {
		"security.capability", "trusted.x", "system.posix_acl_access", "user.", "user",
		"user.virtfs.mode", "user.virtfs.uid", "",
	};

	(void)state;
	assert_int_equal(client_call(&client, TMKNOD, "dsdddd", ROOT, "f", S_IFREG | 0644, 0, 0, 0),
			 0);
	for (unsigned n = 0; n < ARRAY_SIZE(names); n++) {
		assert_int_equal(client_walk(&client, 2, "f"), 0);
		if (!client_call(&client, TXATTRCREATE, "dsqd", 2, names[n], (u64)4, 0)) {
			assert_int_equal(client_call(&client, TWRITE, "dqD", 2, (u64)0, 4, "abcd"),
					 0);
			assert_int_equal(client_call(&client, TCLUNK, "d", 2), EOPNOTSUPP);
		} else {
			assert_int_equal(client_call(&client, TCLUNK, "d", 2), 0);
		}
		if (*names[n])
			assert_int_equal(client_call(&client, TXATTRWALK, "dds", ROOT, 3, names[n]),
					 EOPNOTSUPP);
	}
}

static void test_readonly(void **state)
{
	static const u32 flags[] = { O_WRONLY, O_RDWR, O_RDONLY | O_TRUNC, O_RDWR | O_APPEND };

	(void)state;
	assert_int_equal(client_call(&client, TMKNOD, "dsdddd", ROOT, "f", S_IFREG | 0644, 0, 0, 0),
			 0);
	client_restart(&client, SHARE_NONE, true);
	for (unsigned n = 0; n < ARRAY_SIZE(flags); n++)
		assert_int_equal(client_open(&client, 2, "f", flags[n]), EROFS);
	assert_int_equal(client_walk(&client, 2, "f"), 0);
	assert_int_equal(client_call(&client, TMKDIR, "dsdd", ROOT, "n", 0755, 0), EROFS);
	assert_int_equal(client_call(&client, TMKNOD, "dsdddd", ROOT, "n", S_IFREG, 0, 0, 0),
			 EROFS);
	assert_int_equal(client_call(&client, TSYMLINK, "dssd", ROOT, "n", "x", 0), EROFS);
	assert_int_equal(client_call(&client, TLINK, "dds", ROOT, 2, "n"), EROFS);
	assert_int_equal(client_call(&client, TRENAMEAT, "dsds", ROOT, "f", ROOT, "n"), EROFS);
	assert_int_equal(client_call(&client, TRENAME, "dds", 2, ROOT, "n"), EROFS);
	assert_int_equal(client_call(&client, TUNLINKAT, "dsd", ROOT, "f", 0), EROFS);
	for (u32 valid = 1; valid <= 0x100; valid <<= 1)
		if (valid != 0x40)
			client_call(&client, TSETATTR, "dddddqqqqq", 2, valid, 0, 0, 0, (u64)0,
				    (u64)0, (u64)0, (u64)0, (u64)0);
	assert_int_equal(client_call(&client, TXATTRCREATE, "dsqd", 2, "user.x", (u64)0, 0), 0);
	assert_int_equal(client_call(&client, TCLUNK, "d", 2), EROFS);
	assert_int_equal(client_walk(&client, 2, "f"), 0);
	assert_int_equal(client_call(&client, TREMOVE, "d", 2), EROFS);
	assert_int_equal(client_call(&client, TLCREATE, "dsddd", ROOT, "n", O_RDWR, 0644, 0),
			 EROFS);
	assert_int_equal(access(client_host(&client, "share/f"), F_OK), 0);
	assert_int_not_equal(access(client_host(&client, "share/n"), F_OK), 0);
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
