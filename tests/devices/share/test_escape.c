/* SPDX-License-Identifier: MIT */
/*
 * Tests with a client that tries to leave the shared folder: by "..", symbolic links, concurrent
 * renames, hard links, device nodes and invalid names, and by its references to files whose names
 * were removed. client_teardown checks that nothing outside was changed.
 */
#include "client.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* The highest bit of a change of attributes in either protocol. */
#define LAST_BIT 0x800u

/* Returns a change to mode 0777, owner 12 and size 0, of which the bits `valid` are made. */
static struct client_change escape_change(u32 valid)
{
	return (struct client_change){ valid, 0777, 12, 12, 0 };
}

static u64 escape_identity(struct client *c, const char *path)
{
	return client_attr(c, client_at(c, path))->identity;
}

static void test_up_is_never_out(void **state)
{
	struct client *c = *state;
	u64 root = client_attr(c, c->root)->identity;

	EXPECT(0, mkdir, c->root, "d", 0755);
	assert_int_equal(escape_identity(c, "d/.."), root);
	assert_int_equal(escape_identity(c, "d/../../../.."), root);
	assert_int_equal(escape_identity(c, "d/."), escape_identity(c, "d"));
	assert_int_equal(client_walk(c, "d/../../outside"), ENOENT);
	assert_int_equal(client_walk(c, "../../etc"), ENOENT);
	assert_int_equal(client_open(c, "d/../../outside/secret", O_RDONLY), ENOENT);
	assert_int_equal(client_open(c, "../../etc/passwd", O_RDONLY), ENOENT);
}

static void test_names_that_are_none(void **state)
{
	struct client *c = *state;
	u64 file, root = c->root;

	EXPECT(0, create, root, "f", O_RDWR, 0644);
	file = client_at(c, "f");
	for (unsigned n = 0; n < PLACE_BAD_NAMES; n++) {
		const char *name = place_bad_names[n];

		REFUSED(mkdir, root, name, 0755);
		REFUSED(symlink, root, name, "x");
		REFUSED(mknod, root, name, S_IFREG | 0644, 0);
		REFUSED(create, root, name, O_RDWR, 0644);
		REFUSED(link, file, root, name);
		REFUSED(rename, root, "f", root, name);
		REFUSED(rename, root, name, root, "g");
		REFUSED(unlink, root, name);
		REFUSED(rmdir, root, name);
		if (n != 1 && n != 2)
			REFUSED(step, root, name);
	}
	assert_int_equal(access(client_host(c, "share/f"), F_OK), 0);
}

/*
 * Tries to reach `target` by a link. A guest sees the link itself, and resolves its target in its
 * own tree.
 */
static void escape_by_link(struct client *c, const char *name, const char *target)
{
	u64 link, root = c->root;

	EXPECT(0, symlink, root, name, target);
	link = client_at(c, name);
	assert_int_equal(client_attr(c, link)->mode, S_IFLNK | 0777);
	EXPECT(0, readlink, link);
	assert_int_equal(c->count, strlen(target));
	assert_memory_equal(c->data, target, strlen(target));
	EXPECT(ELOOP, open, link, O_RDONLY);
	EXPECT(ELOOP, open, link, O_RDWR | O_TRUNC);
	EXPECT(ELOOP, opendir, link);
	EXPECT(ENOTDIR, step, link, "secret");
	EXPECT(ENOTDIR, mkdir, link, "n", 0755);
	EXPECT(ENOTDIR, create, link, "n", O_RDWR, 0644);
	EXPECT(ELOOP, setattr, link, escape_change(SET_SIZE));
	/* Creating a file that exists would open it. */
	EXPECT(ELOOP, create, root, name, O_CREAT | O_RDWR | O_TRUNC, 0644);
	/* Nor is the link followed after its name was removed. */
	EXPECT(0, unlink, root, name);
	EXPECT(ELOOP, open, link, O_RDONLY);
	c->wire->setattr(c, link, escape_change(SET_MODE));
	EXPECT(0, symlink, root, name, target);
}

static mode_t escape_by_links(struct client *c)
{
	static const char *const targets[] = { "/etc/passwd", "../outside/secret", "/", "..",
					       "l0" };
	char name[3] = "l0";
	struct stat st;

	for (unsigned n = 0; n < ARRAY_SIZE(targets); n++, name[1]++)
		escape_by_link(c, name, targets[n]);
	assert_int_equal(lstat(client_host(c, "share/l1"), &st), 0);
	return st.st_mode;
}

static void test_links_are_data(void **state)
{
	assert_true(S_ISLNK(escape_by_links(*state)));
}

static void test_mapped_links_are_files(void **state)
{
	assert_true(S_ISREG(escape_by_links(*state)));
}

static void escape_change_all(struct client *c, u64 link)
{
	for (u32 valid = 1; valid <= LAST_BIT; valid <<= 1)
		c->wire->setattr(c, link, escape_change(valid));
	c->wire->setattr(c, link, escape_change(0x1b7)); /* all but the size */
	c->wire->setattr(c, link, escape_change(0x1b0)); /* the times */
}

/*
 * Links that the host has made are not followed, either: mode, owner and times of the target stay.
 */
static void test_links_of_the_host(void **state)
{
	struct client *c = *state;
	struct stat before, after;
	u64 dir, link, root = c->root;

	assert_int_equal(symlink("../outside", client_host(c, "share/d")), 0);
	assert_int_equal(symlink("../outside/secret", client_host(c, "share/f")), 0);
	assert_int_equal(stat(client_host(c, "outside/secret"), &before), 0);
	dir = client_at(c, "d");
	link = client_at(c, "f");
	EXPECT(ENOTDIR, step, dir, "secret");
	EXPECT(ELOOP, open, dir, O_RDONLY);
	EXPECT(ELOOP, open, link, O_RDONLY);
	escape_change_all(c, link);
	c->wire->setxattr(c, link, "user.x", "x");
	EXPECT(ENOTDIR, rmdir, root, "d");
	EXPECT(0, rename, root, "d", root, "e");
	EXPECT(0, link, link, root, "hard");
	assert_int_equal(lstat(client_host(c, "share/hard"), &after), 0);
	assert_true(S_ISLNK(after.st_mode));
	/* The client tries it by its reference when both names have been removed. */
	EXPECT(0, unlink, root, "hard");
	EXPECT(ELOOP, open, link, O_RDWR);
	EXPECT(0, unlink, root, "f");
	EXPECT(ELOOP, open, link, O_RDWR | O_TRUNC);
	escape_change_all(c, link);
	assert_int_equal(stat(client_host(c, "outside/secret"), &after), 0);
	assert_memory_equal(&before.st_mtim, &after.st_mtim, sizeof(before.st_mtim));
	assert_int_equal(before.st_mode, after.st_mode);
	assert_int_equal(before.st_uid, after.st_uid);
	assert_int_equal(before.st_nlink, after.st_nlink);
}

/*
 * Checks that a special file to which the client has a reference is not opened after its name was
 * removed, either.
 */
static void escape_by_nameless(struct client *c, const char *name)
{
	u64 object = client_at(c, name);

	EXPECT(0, unlink, c->root, name);
	EXPECT(EACCES, open, object, O_RDONLY);
}

/* Device nodes and FIFOs are neither made nor opened on the host: the guest opens its own ones. */
static void test_device_nodes_and_fifos(void **state)
{
	struct client *c = *state;

	EXPECT(EPERM, mknod, c->root, "null", S_IFCHR | 0666, makedev(1, 3));
	EXPECT(EPERM, mknod, c->root, "disk", S_IFBLK | 0666, makedev(8, 0));
	EXPECT(EINVAL, mknod, c->root, "dir", S_IFDIR | 0666, 0);
	EXPECT(0, mknod, c->root, "fifo", S_IFIFO | 0666, 0);
	assert_int_equal(client_open(c, "fifo", O_RDONLY), EACCES);
	assert_int_equal(client_open(c, "fifo", O_WRONLY), EACCES);
	EXPECT(EACCES, create, c->root, "fifo", O_WRONLY, 0644);
	escape_by_nameless(c, "fifo");
	if (mknod(client_host(c, "share/zero"), S_IFCHR | 0666, makedev(1, 5)) == 0) {
		assert_int_equal(client_open(c, "zero", O_RDONLY), EACCES);
		escape_by_nameless(c, "zero");
	}
}

/* With mapped attributes the guest has device nodes, and the host has regular files. */
static void test_mapped_device_nodes(void **state)
{
	struct client *c = *state;
	const struct client_attr *attr;
	struct stat st;

	client_become(c, 0, 7);
	EXPECT(0, mknod, c->root, "null", S_IFCHR | 0666, makedev(1, 3));
	attr = client_attr(c, client_at(c, "null"));
	assert_int_equal(attr->mode, S_IFCHR | 0666);
	assert_int_equal(attr->gid, 7);
	assert_int_equal(attr->device, makedev(1, 3));
	assert_int_equal(client_open(c, "null", O_RDONLY), EACCES);
	assert_int_equal(lstat(client_host(c, "share/null"), &st), 0);
	assert_int_equal(st.st_mode, S_IFREG | 0600);
}

/* A set-uid program would run as the host's user. */
static void test_no_set_uid_programs(void **state)
{
	struct client *c = *state;
	struct stat st;

	EXPECT(0, create, c->root, "f", O_RDWR, 06755);
	assert_int_equal(lstat(client_host(c, "share/f"), &st), 0);
	assert_int_equal(st.st_mode & 07000, 0);
	c->wire->setattr(c, client_at(c, "f"), (struct client_change){ SET_MODE, .mode = 07777 });
	assert_int_equal(lstat(client_host(c, "share/f"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 01777);
}

static void test_rename_race(void **state)
{
	struct client *c = *state;
	unsigned inside = 0, failed = 0;

	place_swap_start(&c->place);
	for (unsigned n = 0; n < 20000; n++) {
		if (!client_open(c, "d/secret", O_RDWR)) {
			/* The file inside is empty. */
			EXPECT(0, read, c->handle, 0, 100);
			assert_int_equal(c->count, 0);
			EXPECT(0, release, c->handle);
			inside++;
		} else {
			failed++;
		}
		if (!client_walk(c, "d")) {
			u64 dir = c->object;

			c->wire->mkdir(c, dir, "made", 0755);
			c->wire->rmdir(c, dir, "made");
			c->wire->rename(c, dir, "secret", dir, "secret");
			c->wire->forget(c, dir);
		}
	}
	place_swap_stop();
	assert_true(inside && failed);
}

/*
 * The host's tree and the server's may differ. That must not lead to a cycle, or to a way out of
 * the folder.
 */
static void test_moved_by_the_host(void **state)
{
	struct client *c = *state;
	u64 a, b, up;

	EXPECT(0, mkdir, c->root, "a", 0755);
	a = client_at(c, "a");
	EXPECT(0, mkdir, a, "b", 0755);
	b = client_at(c, "a/b");
	EXPECT(0, mkdir, b, "c", 0755);
	assert_int_equal(rename(client_host(c, "share/a/b"), client_host(c, "share/b")), 0);
	/* Moves a into b, which was in a. */
	EXPECT(0, rename, c->root, "a", b, "a");
	c->wire->mkdir(c, a, "x", 0755);
	c->wire->mkdir(c, b, "x", 0755);
	up = b;
	for (unsigned n = 0; n < 8; n++)
		if (!c->wire->step(c, up, ".."))
			up = c->object;
	c->wire->getattr(c, up);
	assert_int_equal(client_walk(c, "b/a/x"), 0);
	/* A node is the same at its new place; a fid still refers to the old place. */
	up = client_at(c, "b");
	assert_true(up == b || !c->wire->nodes);
	up = client_at(c, "b/a");
	assert_true(up == a || !c->wire->nodes);
	EXPECT(0, mkdir, up, "y", 0755);
	assert_int_equal(access(client_host(c, "share/b/a/y"), F_OK), 0);
}

/* A look-up of a folder that was replaced finds the new one. */
static void test_replaced_by_the_host(void **state)
{
	struct client *c = *state;
	u64 before, after;

	EXPECT(0, mkdir, c->root, "d", 0755);
	before = client_at(c, "d");
	EXPECT(0, mkdir, before, "x", 0755);
	assert_int_equal(rename(client_host(c, "share/d"), client_host(c, "share/e")), 0);
	assert_int_equal(mkdir(client_host(c, "share/d"), 0755), 0);
	after = client_at(c, "d");
	assert_int_not_equal(after, before);
	EXPECT(0, mkdir, after, "y", 0755);
	assert_int_equal(access(client_host(c, "share/d/y"), F_OK), 0);
}

/*
 * The host's own attributes are hidden from the guest: capabilities, access control lists, labels,
 * and Baya's.
 */
static void test_attributes_of_the_host(void **state)
{
	static const char *const names[] = {
		"security.capability", "trusted.x", "system.posix_acl_access", "user.", "user",
		"user.virtfs.mode", "user.virtfs.uid", "",
	};
	struct client *c = *state;
	u64 file;

	EXPECT(0, mknod, c->root, "f", S_IFREG | 0644, 0);
	file = client_at(c, "f");
	for (unsigned n = 0; n < ARRAY_SIZE(names); n++) {
		/* In 9P the empty name reads the list of names; nothing can be set with it. */
		bool list = !*names[n] && !c->wire->nodes;

		EXPECT(list ? EINVAL : EOPNOTSUPP, setxattr, file, names[n], "abcd");
		EXPECT(list ? EINVAL : EOPNOTSUPP, removexattr, file, names[n]);
		EXPECT(list ? 0 : EOPNOTSUPP, getxattr, file, names[n]);
	}
}

static void test_readonly(void **state)
{
	static const u32 flags[] = { O_WRONLY, O_RDWR, O_RDONLY | O_TRUNC, O_RDWR | O_APPEND };
	struct client *c = *state;
	u64 file, root = c->root;

	EXPECT(0, mknod, root, "f", S_IFREG | 0644, 0);
	c->config.readonly = true;
	client_restart(c);
	for (unsigned n = 0; n < ARRAY_SIZE(flags); n++)
		assert_int_equal(client_open(c, "f", flags[n]), EROFS);
	file = client_at(c, "f");
	EXPECT(EROFS, mkdir, root, "n", 0755);
	EXPECT(EROFS, mknod, root, "n", S_IFREG | 0644, 0);
	EXPECT(EROFS, symlink, root, "n", "x");
	EXPECT(EROFS, link, file, root, "n");
	EXPECT(EROFS, rename, root, "f", root, "n");
	EXPECT(EROFS, unlink, root, "f");
	for (u32 valid = 1; valid <= SET_MTIME; valid <<= 1)
		EXPECT(EROFS, setattr, file, escape_change(valid));
	for (u32 valid = 1; valid <= LAST_BIT; valid <<= 1)
		c->wire->setattr(c, file, escape_change(valid));
	EXPECT(EROFS, setxattr, file, "user.x", "x");
	EXPECT(EROFS, removexattr, file, "user.x");
	EXPECT(EROFS, create, root, "n", O_RDWR, 0644);
	/* Nor can it be written through a file that is open for reading. */
	EXPECT(0, open, file, O_RDONLY);
	EXPECT(EBADF, write, c->handle, 0, 1, "x");
	assert_int_equal(access(client_host(c, "share/f"), F_OK), 0);
	assert_int_not_equal(access(client_host(c, "share/n"), F_OK), 0);
}

const struct CMUnitTest unit_tests[] = {
	CLIENT_BOTH(test_up_is_never_out),
	CLIENT_BOTH(test_names_that_are_none),
	CLIENT_BOTH(test_links_are_data),
	CLIENT_BOTH_MAPPED(test_mapped_links_are_files),
	CLIENT_BOTH(test_links_of_the_host),
	CLIENT_BOTH_MAPPED(test_links_of_the_host),
	CLIENT_BOTH(test_device_nodes_and_fifos),
	CLIENT_BOTH_MAPPED(test_mapped_device_nodes),
	CLIENT_BOTH(test_no_set_uid_programs),
	CLIENT_BOTH(test_rename_race),
	CLIENT_BOTH(test_moved_by_the_host),
	CLIENT_BOTH(test_replaced_by_the_host),
	CLIENT_BOTH(test_attributes_of_the_host),
	CLIENT_BOTH(test_readonly),
	{ 0 },
};
