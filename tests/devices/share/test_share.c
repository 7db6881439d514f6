/* SPDX-License-Identifier: MIT */
/* Tests a shared folder with a well-behaved client, through 9P and through FUSE. */
#include "client.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define FILES 300

static void test_files(void **state)
{
	static u8 data[40000];
	struct client *c = *state;
	u64 file, handle;

	memset(data, 'Z', sizeof(data));
	EXPECT(0, create, c->root, "f", O_RDWR, 0640);
	handle = c->handle;
	file = c->object;
	EXPECT(0, write, handle, 5, sizeof(data), data);
	EXPECT(0, read, handle, 0, UINT32_MAX);
	assert_int_equal(c->count, sizeof(data) + 5);
	assert_memory_equal(c->data, "\0\0\0\0\0ZZZ", 8);
	EXPECT(0, read, handle, UINT64_MAX, 10);
	assert_int_equal(c->count, 0);
	EXPECT(EFBIG, write, handle, INT64_MAX, 1, data);
	EXPECT(0, fsync, file, handle);
	assert_int_equal(client_attr(c, file)->mode, S_IFREG | 0640);
	/*
	 * The file is truncated, then removed, and a client that has a reference to it can still
	 * read and write it, and set its attributes.
	 */
	EXPECT(0, setattr, file, (struct client_change){ SET_SIZE, .size = 6 });
	EXPECT(0, unlink, c->root, "f");
	assert_int_equal(client_walk(c, "f"), ENOENT);
	assert_int_equal(client_attr(c, file)->size, 6);
	assert_int_equal(client_attr(c, file)->nlink, 0);
	EXPECT(0, read, handle, 0, 100);
	assert_int_equal(c->count, 6);
	EXPECT(0, write, handle, 6, 4, "more");
	EXPECT(0, setattr, file, (struct client_change){ SET_SIZE, .size = 8 });
	EXPECT(0, setattr, file, (struct client_change){ SET_MODE, .mode = 0600 });
	assert_int_equal(client_attr(c, file)->mode, S_IFREG | 0600);
	EXPECT(0, read, handle, 0, 100);
	assert_int_equal(c->count, 8);
	EXPECT(0, release, handle);
	EXPECT(EBADF, release, handle);
	EXPECT(EBADF, read, handle, 0, 100);
}

/* Two names of a file refer to the same file, which exists while one name is left. */
static void test_hard_links(void **state)
{
	struct client *c = *state;
	u64 a, b;

	EXPECT(0, mknod, c->root, "a", S_IFREG | 0644, 0);
	a = client_at(c, "a");
	EXPECT(0, link, a, c->root, "b");
	b = client_at(c, "b");
	assert_int_equal(client_attr(c, b)->nlink, 2);
	assert_int_equal(client_attr(c, b)->identity, client_attr(c, a)->identity);
	EXPECT(0, unlink, c->root, "b");
	EXPECT(0, open, a, O_RDONLY);
	assert_int_equal(client_attr(c, client_at(c, "a"))->nlink, 1);
}

static void test_renames_carry_objects(void **state)
{
	struct client *c = *state;
	u64 a, b, z, root = c->root;

	EXPECT(0, mkdir, root, "a", 0755);
	EXPECT(0, mkdir, root, "z", 0755);
	a = client_at(c, "a");
	z = client_at(c, "z");
	EXPECT(0, mkdir, a, "b", 0755);
	b = client_at(c, "a/b");
	EXPECT(0, rename, root, "a", z, "c");
	EXPECT(0, mkdir, b, "deep", 0755);
	assert_int_equal(access(client_host(c, "share/z/c/b/deep"), F_OK), 0);
	assert_int_equal(client_attr(c, client_at(c, "z/c/b"))->identity,
			 client_attr(c, b)->identity);
	EXPECT(ENOTEMPTY, rename, a, "b", root, "z");
	EXPECT(0, rename, a, "b", root, "top");
	EXPECT(0, mkdir, b, "more", 0755);
	assert_int_equal(access(client_host(c, "share/top/more"), F_OK), 0);
	assert_int_equal(client_attr(c, client_at(c, "top"))->identity,
			 client_attr(c, b)->identity);
	EXPECT(EINVAL, rename, root, "z", a, "z");
	EXPECT(ENOTEMPTY, rmdir, root, "z");
	EXPECT(0, rmdir, z, "c");
	EXPECT(c->wire->nodes ? ESTALE : ENOENT, mkdir, a, "x", 0755);
}

/* Returns the number of names in the root, which is read `size` bytes at a time. */
static unsigned share_count_names(struct client *c, u32 size)
{
	unsigned names = 0;
	u64 handle, offset = 0;
	u32 at;

	EXPECT(0, opendir, c->root);
	handle = c->handle;
	do {
		EXPECT(0, readdir, handle, offset, size);
		assert_true(c->count <= size);
		for (at = 0; at < c->count; names++)
			at += c->wire->entry(c, at, &offset);
		assert_int_equal(at, c->count); /* each entry is whole */
	} while (c->count);
	EXPECT(0, releasedir, handle);
	return names;
}

/* CVE-2026-9238: the requested size must not determine how much memory is allocated. */
static void test_folders_of_any_size(void **state)
{
	static const u32 sizes[] = { 300, 4096, 65536, 0x7fffffff, UINT32_MAX };
	struct client *c = *state;
	u32 least = c->wire->nodes ? 32 : 25; /* the size of the entry of "." */
	char name[32];
	u64 handle;

	for (unsigned n = 0; n < FILES; n++) {
		snprintf(name, sizeof(name), "file-%u", n);
		EXPECT(0, mknod, c->root, name, S_IFREG | 0644, 0);
	}
	assert_int_equal(share_count_names(c, 64), FILES + 2);
	for (unsigned n = 0; n < ARRAY_SIZE(sizes); n++)
		for (unsigned plus = 0; plus <= c->wire->nodes; plus++) {
			c->plus = plus;
			assert_int_equal(share_count_names(c, sizes[n]), FILES + 2);
		}
	c->plus = false;
	EXPECT(0, opendir, c->root);
	handle = c->handle;
	for (u32 count = 0; count < least; count++)
		EXPECT(EINVAL, readdir, handle, 0, count);
	EXPECT(EINVAL, readdir, handle, UINT64_MAX, 4096);
	c->wire->readdir(c, handle, 0x123456789abc, 4096);
	/* A folder cannot be used as a file, and a file not as a folder. */
	EXPECT(c->wire->nodes ? EBADF : EISDIR, read, handle, 0, 10);
	EXPECT(c->wire->nodes ? ENOTDIR : 0, opendir, client_at(c, "file-0"));
	if (!c->wire->nodes) /* 9P opens both in the same way */
		EXPECT(EBADF, readdir, c->handle, 0, 4096);
	EXPECT(EISDIR, open, c->root, O_RDWR);
	EXPECT(EBADF, readdir, c->wire->nodes ? handle + 1000 : c->root, 0, 4096);
}

static void test_attributes(void **state)
{
	struct client *c = *state;
	u64 file;

	EXPECT(0, mknod, c->root, "f", S_IFREG | 0644, 0);
	file = client_at(c, "f");
	EXPECT(0, setxattr, file, "user.a", "value");
	EXPECT(0, getxattr, file, "user.a");
	assert_int_equal(c->count, 5);
	assert_memory_equal(c->data, "value", 5);
	EXPECT(0, listxattr, file);
	assert_int_equal(c->count, 7);
	assert_memory_equal(c->data, "user.a", 7);
	EXPECT(ENODATA, getxattr, file, "user.b");
	EXPECT(0, removexattr, file, "user.a");
	EXPECT(ENODATA, getxattr, file, "user.a");
	EXPECT(0, listxattr, file);
	assert_int_equal(c->count, 0);
}

/* The number of open files is limited by the share's descriptors. */
static void test_bounds(void **state)
{
	struct client *c = *state;
	unsigned open = 0;
	int error;

	EXPECT(0, mknod, c->root, "f", S_IFREG | 0644, 0);
	c->config.descriptors = 200;
	client_restart(c);
	while (!(error = client_open(c, "f", O_RDONLY)))
		open++;
	assert_int_equal(error, EMFILE);
	assert_int_equal(open, 100);
	EXPECT(EMFILE, create, c->root, "g", O_RDWR, 0644);
	EXPECT(EMFILE, opendir, c->root);
}

/*
 * Restarts the share with few descriptors, and this process has only a few more. Returns the limit
 * that the process had.
 */
static struct rlimit share_few_descriptors(struct client *c)
{
	struct rlimit before, limit;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	limit = before;
	limit.rlim_cur = 256;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	c->config.descriptors = 192;
	client_restart(c);
	return before;
}

/*
 * Creates a file with two names, the last of which is the one that the client looked up last, and
 * removes both. Returns 0 with the file's object in *file, or an errno.
 */
static int share_removed_file(struct client *c, u64 *file)
{
	int error = c->wire->create(c, c->root, "f", O_RDWR, 0644);

	if (error)
		return error;
	*file = c->object;
	EXPECT(0, write, c->handle, 0, 4, "text");
	EXPECT(0, link, *file, c->root, "g");
	EXPECT(0, unlink, c->root, "f");
	EXPECT(0, unlink, c->root, "g");
	return 0;
}

/*
 * A client opens as many files as it may, removes them, and uses more folders than the share has
 * descriptors for. The open files can still be used as if they had names.
 */
static void test_removed_while_open(void **state)
{
	struct client *c = *state;
	struct rlimit before = share_few_descriptors(c);
	u64 files[100], handles[100];
	unsigned count = 0;
	char name[32];

	while (!share_removed_file(c, &files[count]))
		handles[count++] = c->handle;
	assert_int_equal(count, 96);
	for (unsigned n = 0; n < 300; n++) {
		snprintf(name, sizeof(name), "d%u", n);
		EXPECT(0, mkdir, c->root, name, 0755);
		EXPECT(0, mkdir, client_at(c, name), "sub", 0755);
	}
	for (unsigned n = 0; n < count; n++) {
		EXPECT(0, setattr, files[n], (struct client_change){ SET_SIZE, .size = 3 });
		EXPECT(0, setattr, files[n], (struct client_change){ SET_MODE, .mode = 0600 });
		assert_int_equal(client_attr(c, files[n])->mode, S_IFREG | 0600);
		assert_int_equal(client_attr(c, files[n])->size, 3);
		EXPECT(0, read, handles[n], 0, 100);
		assert_memory_equal(c->data, "tex", c->count);
		EXPECT(0, release, handles[n]);
	}
	EXPECT(0, create, c->root, "f", O_RDWR, 0644);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
}

/* Folders are nested more deeply than a path on the host can be, and there are few descriptors. */
static void test_depth(void **state)
{
	struct client *c = *state;
	struct rlimit before = share_few_descriptors(c);
	u64 dir = c->root;
	char remove[256];

	for (unsigned deep = 0; deep < 900; deep++) {
		EXPECT(0, mkdir, dir, "d", 0755);
		EXPECT(0, step, dir, "d");
		dir = c->object;
	}
	/* The client walks back, through folders whose descriptors were closed. */
	for (unsigned n = 0; n < 900; n++) {
		EXPECT(0, step, dir, "..");
		dir = c->object;
	}
	EXPECT(0, mkdir, dir, "top", 0755);
	assert_int_equal(access(client_host(c, "share/top"), F_OK), 0);
	/* Folders are nested so deeply that some of them cannot be opened any more. */
	for (unsigned deep = 0; deep < 3000; deep++) {
		c->wire->mkdir(c, dir, "d", 0755);
		if (!c->wire->step(c, dir, "d"))
			dir = c->object;
	}
	for (unsigned n = 0; n < 3000; n++)
		if (!c->wire->step(c, dir, ".."))
			dir = c->object;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	snprintf(remove, sizeof(remove), "rm -rf %s/share/d", c->place.top);
	assert_int_equal(system(remove), 0);
}

/*
 * The guest sees the owner, mode and device numbers that it has set; the host's files have none of
 * them.
 */
static void test_mapped(void **state)
{
	struct client *c = *state;
	const struct client_attr *attr = &c->attr;
	struct stat st;
	u64 file;

	client_become(c, 1000, 77);
	EXPECT(0, create, c->root, "f", O_RDWR, 04751);
	file = c->object;
	assert_int_equal(lstat(client_host(c, "share/f"), &st), 0);
	assert_int_equal(st.st_mode, S_IFREG | 0600);
	EXPECT(0, getattr, file);
	assert_int_equal(attr->mode, S_IFREG | 04751);
	assert_int_equal(attr->uid, 1000);
	assert_int_equal(attr->gid, 77);
	EXPECT(0, setattr, file,
	       (struct client_change){ SET_MODE | SET_UID | SET_GID, 0123, 5, 6, 0 });
	EXPECT(0, getattr, file);
	assert_int_equal(attr->mode, S_IFREG | 0123);
	assert_int_equal(attr->uid, 5);
	assert_int_equal(attr->gid, 6);
	/* The guest cannot see the attributes that store them. */
	EXPECT(0, listxattr, client_at(c, "f"));
	assert_int_equal(c->count, 0);
	/* A file without a name keeps them, too. */
	EXPECT(0, unlink, c->root, "f");
	assert_int_equal(client_attr(c, file)->uid, 5);
	EXPECT(0, setattr, file, (struct client_change){ SET_MODE, .mode = 0321 });
	assert_int_equal(client_attr(c, file)->mode, S_IFREG | 0321);
	EXPECT(0, mknod, c->root, "disk", S_IFBLK | 0666, makedev(259, 0x12034));
	assert_int_equal(client_attr(c, client_at(c, "disk"))->device, makedev(259, 0x12034));
}

/*
 * New files in a set-gid folder have its group, and new folders are also set-gid. A 9P client
 * itself does this: its requests name the group.
 */
static void test_group_of_the_folder(void **state)
{
	struct client *c = *state;
	const struct client_attr *attr = &c->attr;
	u64 dir;

	EXPECT(0, mkdir, c->root, "d", 02775);
	dir = client_at(c, "d");
	EXPECT(0, setattr, dir, (struct client_change){ SET_GID, .gid = 1001 });
	EXPECT(0, setattr, dir, (struct client_change){ SET_MODE, .mode = 02775 });
	client_become(c, 5, 5);
	dir = client_at(c, "d");
	EXPECT(0, mkdir, dir, "sub", 0755);
	EXPECT(0, getattr, client_at(c, "d/sub"));
	assert_int_equal(attr->mode, S_IFDIR | 02755);
	assert_int_equal(attr->gid, 1001);
	EXPECT(0, create, dir, "f", O_RDWR, 0644);
	EXPECT(0, getattr, c->object);
	assert_int_equal(attr->gid, 1001);
	assert_int_equal(attr->uid, 5);
}

/* New files have exactly the modes that the guest requests, whatever Baya's own umask is. */
static void test_modes_of_new_files(void **state)
{
	struct client *c = *state;
	mode_t before = umask(022);
	struct stat st;
	u64 dir;

	client_restart(c);
	EXPECT(0, mkdir, c->root, "d", 0777);
	dir = client_at(c, "d");
	assert_int_equal(client_attr(c, dir)->mode, S_IFDIR | 0777);
	EXPECT(0, mkdir, c->root, "e", 0750);
	assert_int_equal(client_attr(c, client_at(c, "e"))->mode, S_IFDIR | 0750);
	EXPECT(0, create, dir, "f", O_RDWR, 0666);
	assert_int_equal(client_attr(c, c->object)->mode, S_IFREG | 0666);
	EXPECT(0, create, dir, "g", O_RDWR, 04775);
	assert_int_equal(client_attr(c, c->object)->mode, S_IFREG | 0775);
	EXPECT(0, mknod, dir, "fifo", S_IFIFO | 0662, 0);
	assert_int_equal(client_attr(c, client_at(c, "d/fifo"))->mode, S_IFIFO | 0662);
	EXPECT(0, symlink, dir, "link", "f");
	assert_int_equal(lstat(client_host(c, "share/d/f"), &st), 0);
	assert_int_equal(st.st_mode, S_IFREG | 0666);
	/* The host makes folders in a set-gid folder set-gid. */
	assert_int_equal(chmod(client_host(c, "share/d"), 02770), 0);
	EXPECT(0, mkdir, dir, "sub", 0775);
	assert_int_equal(client_attr(c, client_at(c, "d/sub"))->mode, S_IFDIR | 02775);
	assert_int_equal(umask(before), 022);
}

const struct CMUnitTest unit_tests[] = {
	CLIENT_BOTH(test_files),
	CLIENT_BOTH_MAPPED(test_files),
	CLIENT_BOTH(test_hard_links),
	CLIENT_BOTH(test_renames_carry_objects),
	CLIENT_BOTH(test_folders_of_any_size),
	CLIENT_BOTH(test_attributes),
	CLIENT_BOTH(test_bounds),
	CLIENT_BOTH(test_removed_while_open),
	CLIENT_BOTH_MAPPED(test_removed_while_open),
	CLIENT_BOTH(test_depth),
	CLIENT_BOTH_MAPPED(test_mapped),
	CLIENT_BOTH(test_modes_of_new_files),
	CLIENT_FUSE_MAPPED(test_group_of_the_folder),
	{ 0 },
};
