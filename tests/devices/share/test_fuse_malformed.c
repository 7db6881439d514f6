/* SPDX-License-Identifier: MIT */
/* devices/share/fuse*.c: malformed, greedy and random requests do no harm. */
#include "fuse_client.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROOT FUSE_ROOT_ID
#define OPCODES 64 /* and a few that are none */

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
	fuse_client_start(&client, SHARE_MAPPED, FUSE_CACHE_ALWAYS);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fuse_client_stop(&client);
	return 0;
}

static u64 make_file(const char *name)
{
	assert_int_equal(
		fuse_call(&client, FUSE_MKNOD, ROOT, "dddds", S_IFREG | 0644, 0, 0, 0, name), 0);
	return fuse_get(&client, 0, 8);
}

static void test_nodes_that_are_none(void **state)
{
	static const u64 nodes[] = { 0, 2, 0xffffffff, 1ull << 32, UINT64_MAX, (1ull << 32) + 1 };
	u64 file = make_file("f");

	(void)state;
	for (unsigned n = 0; n < ARRAY_SIZE(nodes); n++) {
		if (nodes[n] == file)
			continue;
		assert_int_equal(fuse_call(&client, FUSE_GETATTR, nodes[n], "ddq", 0, 0, (u64)0),
				 ESTALE);
		assert_int_equal(fuse_call(&client, FUSE_LOOKUP, nodes[n], "s", "f"), ESTALE);
		assert_int_equal(fuse_call(&client, FUSE_RENAME, ROOT, "qss", nodes[n], "f", "g"),
				 ESTALE);
		assert_int_equal(fuse_call(&client, FUSE_LINK, ROOT, "qs", nodes[n], "g"), ESTALE);
		assert_int_equal(fuse_call(&client, FUSE_OPEN, nodes[n], "dd", O_RDONLY, 0),
				 ESTALE);
		assert_int_equal(fuse_call(&client, FUSE_READ, ROOT, "qqddqdd", nodes[n], (u64)0, 9,
					   0, (u64)0, 0, 0),
				 EBADF);
		assert_int_equal(fuse_call(&client, FUSE_READDIR, ROOT, "qqddqdd", nodes[n], (u64)0,
					   999, 0, (u64)0, 0, 0),
				 EBADF);
		assert_int_equal(fuse_call(&client, FUSE_RELEASE, ROOT, "qddq", nodes[n], 0, 0,
					   (u64)0),
				 EBADF);
		fuse_call(&client, FUSE_FORGET, nodes[n], "q", UINT64_MAX);
	}
	/* The root is never forgotten, and a node that was once is no other one later. */
	fuse_call(&client, FUSE_FORGET, ROOT, "q", UINT64_MAX);
	assert_int_equal(fuse_call(&client, FUSE_FORGET, file, "q", UINT64_MAX), 0);
	assert_int_equal(fuse_call(&client, FUSE_LOOKUP, ROOT, "s", "f"), 0);
	assert_int_not_equal(fuse_get(&client, 0, 8), file);
	assert_int_equal(fuse_call(&client, FUSE_GETATTR, file, "ddq", 0, 0, (u64)0), ESTALE);
}

static void test_counts_that_are_wrong(void **state)
{
	static const u32 counts[] = { 0, 1, 2, 3, 0x0fffffff, 0x10000001, 0x80000001, UINT32_MAX };
	u64 file = make_file("f"), handle;
	static char name[FUSE_DATA_MAX];

	(void)state;
	for (unsigned n = 0; n < ARRAY_SIZE(counts); n++)
		fuse_call(&client, FUSE_BATCH_FORGET, 0, "ddqqq", counts[n], 0, UINT64_MAX,
			  UINT64_MAX, file);
	assert_int_equal(fuse_call(&client, FUSE_OPEN, file, "dd", O_RDWR, 0), 0);
	handle = fuse_get(&client, 0, 8);
	for (unsigned n = 3; n < ARRAY_SIZE(counts); n++) {
		assert_int_equal(fuse_call(&client, FUSE_WRITE, file, "qqddqddd", handle, (u64)0,
					   counts[n] | 8, 0, (u64)0, 0, 0, 1),
				 EINVAL);
		assert_int_equal(fuse_call(&client, FUSE_SETXATTR, file, "ddsd", counts[n] | 8, 0,
					   "user.a", 1),
				 EINVAL);
	}
	memset(name, 'x', sizeof(name) - 1);
	assert_int_equal(fuse_call(&client, FUSE_LOOKUP, ROOT, "s", name), ENAMETOOLONG);
	assert_int_equal(fuse_call(&client, FUSE_MKDIR, ROOT, "dds", 0755, 0, name), ENAMETOOLONG);
	assert_int_equal(fuse_call(&client, FUSE_SYMLINK, ROOT, "ss", "l", name), ENAMETOOLONG);
	name[256] = 0;
	assert_int_equal(fuse_call(&client, FUSE_LOOKUP, ROOT, "s", name), ENAMETOOLONG);
	assert_int_equal(fuse_call(&client, FUSE_RENAME, ROOT, "qss", ROOT, "f", name),
			 ENAMETOOLONG);
	name[255] = 0;
	assert_int_equal(fuse_call(&client, FUSE_MKDIR, ROOT, "dds", 0755, 0, name), 0);
	/* Names without an end. */
	assert_int_equal(fuse_call(&client, FUSE_LOOKUP, ROOT, ""), EINVAL);
	assert_int_equal(fuse_call(&client, FUSE_LOOKUP, ROOT, "D", 2, "fg"), EINVAL);
	assert_int_equal(fuse_call(&client, FUSE_RENAME, ROOT, "qsD", ROOT, "f", 2, "gh"), EINVAL);
	assert_int_equal(fuse_call(&client, FUSE_RENAME, ROOT, "qs", ROOT, "f"), EINVAL);
	assert_int_equal(fuse_call(&client, FUSE_GETXATTR, file, "ddD", 0, 0, 2, "us"), EINVAL);
}

/* Open files end where the share's descriptors do. */
static void test_bounds(void **state)
{
	const struct share_config config = { .security = SHARE_NONE, .descriptors = 200 };
	unsigned open = 0;
	int error;

	(void)state;
	make_file("f");
	fuse_client_restart(&client, &config);
	while (fuse_open_path(&client, "f", O_RDONLY, &error))
		open++;
	assert_int_equal(error, EMFILE);
	assert_int_equal(open, 100);
	assert_int_equal(fuse_call(&client, FUSE_CREATE, ROOT, "dddds", O_RDWR, 0644, 0, 0, "g"),
			 EMFILE);
	assert_int_equal(fuse_call(&client, FUSE_OPENDIR, ROOT, "dd", 0, 0), EMFILE);
	assert_int_equal(fuse_call(&client, FUSE_DESTROY, 0, ""), 0);
}

/* Files that are removed keep a descriptor as long as they are known: as many as there are. */
static void test_many_removed(void **state)
{
	const struct share_config config = { .security = SHARE_NONE, .descriptors = 192 };
	struct rlimit before, limit;
	char name[32];

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	limit = before;
	limit.rlim_cur = 256;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	fuse_client_restart(&client, &config);
	for (unsigned n = 0; n < 2000; n++) {
		snprintf(name, sizeof(name), "f%u", n);
		make_file(name);
		assert_int_equal(fuse_call(&client, FUSE_UNLINK, ROOT, "s", name), 0);
	}
	make_file("f");
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
}

/* A request as most of them are: a node or a handle, numbers, names. */
static u32 good_request(u32 opcode, bool names)
{
	opcode = opcode == FUSE_INIT ? FUSE_STATFS : opcode;
	if (names)
		fuse_call(&client, opcode, ROOT, "qddss", (u64)ROOT, 0, 0, "f", "g");
	else
		fuse_call(&client, opcode, ROOT, "qqdddddddd", (u64)1, (u64)0, 64, 0, 0, 0, 0, 0, 0,
			  0);
	return *(u32 *)client.request;
}

/* Each kind, cut at each byte, and with each bit another: an answer, and nothing else. */
static void cut_and_turn(const u8 *message, u32 size)
{
	for (u32 cut = FUSE_REQUEST_MIN; cut < size; cut++) {
		/* No byte longer, so that a sanitizer sees what is read beyond. */
		u8 *exact = malloc(cut);

		memcpy(exact, message, cut);
		for (u32 room = 0; room < 200; room += 8)
			assert_in_range(fuse_answer(client.fuse, exact, cut, client.reply, room), 0,
					room);
		free(exact);
	}
	for (u32 at = 4; at < size; at++)
		for (unsigned bit = 0; bit < 8; bit++) {
			memcpy(client.request, message, size);
			client.request[at] ^= (u8)(1 << bit);
			fuse_send(&client, size);
		}
}

static void test_malformed(void **state)
{
	static u8 message[512];

	(void)state;
	for (u32 opcode = 0; opcode < OPCODES; opcode++)
		for (unsigned names = 0; names < 2; names++) {
			u32 size = good_request(opcode, names);

			assert_true(size <= sizeof(message));
			memcpy(message, client.request, size);
			cut_and_turn(message, size);
		}
}

static u64 seed = 1;

static u32 malformed_below(u32 limit)
{
	seed = seed * 6364136223846793005ull + 1442695040888963407ull;
	return (u32)(seed >> 33) % limit;
}

static void malformed_put(u32 *size, u64 number, u32 bytes)
{
	memcpy(client.request + *size, &number, bytes);
	*size += bytes;
}

/*
 * An argument: n a node, h a handle, m a mode, d and q numbers, s a name, x an attribute's, D five
 * bytes.
 */
static void put_random(u32 *size, char kind)
{
	static const char *const names[] = { "a", "b", "c", "..", "." };
	const char *name = kind == 'x' ? "user.x" : names[malformed_below(ARRAY_SIZE(names))];

	if (kind == 's' || kind == 'x') {
		memcpy(client.request + *size, name, strlen(name) + 1);
		*size += (u32)strlen(name) + 1;
	} else if (kind == 'n' || kind == 'h') {
		malformed_put(size, malformed_below(8) | (u64)malformed_below(3) << 32, 8);
	} else if (kind == 'm') {
		malformed_put(size, malformed_below(16) << 12 | 0700, 4);
	} else if (kind == 'D') {
		malformed_put(size, 0x3534333231, 5);
	} else {
		malformed_put(size, malformed_below(600), kind == 'q' ? 8 : 4);
	}
}

/* Random requests with few nodes and few names reach unforeseen states. */
static void test_random(void **state)
{
	static const struct {
		u8 opcode;
		const char *arguments;
	} kinds[] = {
		{ FUSE_LOOKUP, "s" },	    { FUSE_LOOKUP, "s" },	{ FUSE_FORGET, "q" },
		{ FUSE_GETATTR, "ddq" },    { FUSE_SETATTR, "ddhqqqqqddddmddd" },
		{ FUSE_READLINK, "" },	    { FUSE_SYMLINK, "ss" },	{ FUSE_MKNOD, "mddds" },
		{ FUSE_MKDIR, "mds" },	    { FUSE_UNLINK, "s" },	{ FUSE_RMDIR, "s" },
		{ FUSE_RENAME, "nss" },	    { FUSE_RENAME2, "nddss" },	{ FUSE_LINK, "ns" },
		{ FUSE_OPEN, "dd" },	    { FUSE_READ, "hqddqdd" },	{ FUSE_WRITE, "hqddqddD" },
		{ FUSE_RELEASE, "hddq" },   { FUSE_FSYNC, "hdd" },	{ FUSE_SETXATTR, "ddxD" },
		{ FUSE_GETXATTR, "ddx" },   { FUSE_LISTXATTR, "dd" },	{ FUSE_REMOVEXATTR, "x" },
		{ FUSE_OPENDIR, "dd" },	    { FUSE_READDIR, "hqddqdd" },
		{ FUSE_RELEASEDIR, "hddq" }, { FUSE_CREATE, "dmdds" },	{ FUSE_LSEEK, "hqdd" },
		{ FUSE_FALLOCATE, "hqqdd" }, { FUSE_READDIRPLUS, "hqddqdd" },
		{ FUSE_COPY_FILE_RANGE, "hqnhqqq" }, { FUSE_BATCH_FORGET, "ddnqnq" },
	};

	(void)state;
	for (unsigned n = 0; n < 200000; n++) {
		unsigned kind = malformed_below(ARRAY_SIZE(kinds));
		struct fuse_in_header *header = (struct fuse_in_header *)client.request;
		u32 size = sizeof(*header);

		for (const char *at = kinds[kind].arguments; *at; at++)
			put_random(&size, *at);
		*header = (struct fuse_in_header){
			.len = size,
			.opcode = kinds[kind].opcode,
			.nodeid = malformed_below(4) ?
				malformed_below(8) | (u64)malformed_below(3) << 32 : ROOT,
		};
		fuse_send(&client, size);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_nodes_that_are_none, setup, teardown),
		cmocka_unit_test_setup_teardown(test_counts_that_are_wrong, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bounds, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many_removed, setup, teardown),
		cmocka_unit_test_setup_teardown(test_malformed, setup, teardown),
		cmocka_unit_test_setup_teardown(test_random, setup, teardown),
		cmocka_unit_test_setup_teardown(test_random, setup_mapped, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
