/* SPDX-License-Identifier: MIT */
/* Tests devices/share/fuse*.c: malformed, greedy and random requests do no harm. */
#include "fuse_wire.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define OPCODES 64 /* some of these numbers are not opcodes */

static u64 malformed_file(struct client *c, const char *name)
{
	assert_int_equal(fuse_call(c, FUSE_MKNOD, ROOT, "dddds", S_IFREG | 0644, 0, 0, 0, name), 0);
	return fuse_get(c, 0, 8);
}

static void test_nodes_that_are_none(void **state)
{
	struct client *c = *state;
	static const u64 nodes[] = { 0, 2, 0xffffffff, 1ull << 32, UINT64_MAX, (1ull << 32) + 1 };
	u64 file = malformed_file(c, "f");

	for (unsigned n = 0; n < ARRAY_SIZE(nodes); n++) {
		if (nodes[n] == file)
			continue;
		assert_int_equal(fuse_call(c, FUSE_GETATTR, nodes[n], "ddq", 0, 0, (u64)0), ESTALE);
		assert_int_equal(fuse_call(c, FUSE_LOOKUP, nodes[n], "s", "f"), ESTALE);
		assert_int_equal(fuse_call(c, FUSE_RENAME, ROOT, "qss", nodes[n], "f", "g"),
				 ESTALE);
		assert_int_equal(fuse_call(c, FUSE_LINK, ROOT, "qs", nodes[n], "g"), ESTALE);
		assert_int_equal(fuse_call(c, FUSE_OPEN, nodes[n], "dd", O_RDONLY, 0), ESTALE);
		assert_int_equal(fuse_call(c, FUSE_READ, ROOT, "qqddqdd", nodes[n], (u64)0, 9, 0,
					   (u64)0, 0, 0),
				 EBADF);
		assert_int_equal(fuse_call(c, FUSE_READDIR, ROOT, "qqddqdd", nodes[n], (u64)0, 999,
					   0, (u64)0, 0, 0),
				 EBADF);
		assert_int_equal(fuse_call(c, FUSE_RELEASE, ROOT, "qddq", nodes[n], 0, 0, (u64)0),
				 EBADF);
		fuse_call(c, FUSE_FORGET, nodes[n], "q", UINT64_MAX);
	}
	/*
	 * The root is never forgotten, and the number of a node that was forgotten does not refer
	 * to another one later.
	 */
	fuse_call(c, FUSE_FORGET, ROOT, "q", UINT64_MAX);
	assert_int_equal(fuse_call(c, FUSE_FORGET, file, "q", UINT64_MAX), 0);
	assert_int_equal(fuse_call(c, FUSE_LOOKUP, ROOT, "s", "f"), 0);
	assert_int_not_equal(fuse_get(c, 0, 8), file);
	assert_int_equal(fuse_call(c, FUSE_GETATTR, file, "ddq", 0, 0, (u64)0), ESTALE);
}

static void test_counts_that_are_wrong(void **state)
{
	struct client *c = *state;
	static const u32 counts[] = { 0, 1, 2, 3, 0x0fffffff, 0x10000001, 0x80000001, UINT32_MAX };
	u64 file = malformed_file(c, "f"), handle;
	static char name[FUSE_DATA_MAX];

	for (unsigned n = 0; n < ARRAY_SIZE(counts); n++)
		fuse_call(c, FUSE_BATCH_FORGET, 0, "ddqqq", counts[n], 0, UINT64_MAX, UINT64_MAX,
			  file);
	assert_int_equal(fuse_call(c, FUSE_OPEN, file, "dd", O_RDWR, 0), 0);
	handle = fuse_get(c, 0, 8);
	for (unsigned n = 3; n < ARRAY_SIZE(counts); n++) {
		assert_int_equal(fuse_call(c, FUSE_WRITE, file, "qqddqddd", handle, (u64)0,
					   counts[n] | 8, 0, (u64)0, 0, 0, 1),
				 EINVAL);
		assert_int_equal(fuse_call(c, FUSE_SETXATTR, file, "ddsd", counts[n] | 8, 0,
					   "user.a", 1),
				 EINVAL);
	}
	memset(name, 'x', sizeof(name) - 1);
	assert_int_equal(fuse_call(c, FUSE_LOOKUP, ROOT, "s", name), ENAMETOOLONG);
	assert_int_equal(fuse_call(c, FUSE_MKDIR, ROOT, "dds", 0755, 0, name), ENAMETOOLONG);
	assert_int_equal(fuse_call(c, FUSE_SYMLINK, ROOT, "ss", "l", name), ENAMETOOLONG);
	name[256] = 0;
	assert_int_equal(fuse_call(c, FUSE_LOOKUP, ROOT, "s", name), ENAMETOOLONG);
	assert_int_equal(fuse_call(c, FUSE_RENAME, ROOT, "qss", ROOT, "f", name), ENAMETOOLONG);
	name[255] = 0;
	assert_int_equal(fuse_call(c, FUSE_MKDIR, ROOT, "dds", 0755, 0, name), 0);
	/* The names are not terminated. */
	assert_int_equal(fuse_call(c, FUSE_LOOKUP, ROOT, ""), EINVAL);
	assert_int_equal(fuse_call(c, FUSE_LOOKUP, ROOT, "D", 2, "fg"), EINVAL);
	assert_int_equal(fuse_call(c, FUSE_RENAME, ROOT, "qsD", ROOT, "f", 2, "gh"), EINVAL);
	assert_int_equal(fuse_call(c, FUSE_RENAME, ROOT, "qs", ROOT, "f"), EINVAL);
	assert_int_equal(fuse_call(c, FUSE_GETXATTR, file, "ddD", 0, 0, 2, "us"), EINVAL);
}

/*
 * Removed files have a descriptor as long as the client has references to them. Their number is
 * limited by the available descriptors.
 */
static void test_many_removed(void **state)
{
	struct client *c = *state;
	struct rlimit before, limit;
	char name[32];

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	limit = before;
	limit.rlim_cur = 256;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	c->config.descriptors = 192;
	client_restart(c);
	for (unsigned n = 0; n < 2000; n++) {
		snprintf(name, sizeof(name), "f%u", n);
		malformed_file(c, name);
		assert_int_equal(fuse_call(c, FUSE_UNLINK, ROOT, "s", name), 0);
	}
	malformed_file(c, "f");
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
}

/* Makes a valid request of the form that most have: a node or a handle, numbers, names. */
static u32 malformed_good(struct client *c, u32 opcode, bool names)
{
	opcode = opcode == FUSE_INIT ? FUSE_STATFS : opcode;
	if (names)
		fuse_call(c, opcode, ROOT, "qddss", (u64)ROOT, 0, 0, "f", "g");
	else
		fuse_call(c, opcode, ROOT, "qqdddddddd", (u64)1, (u64)0, 64, 0, 0, 0, 0, 0, 0, 0);
	return *(u32 *)c->request;
}

/*
 * Sends the message cut at each byte, and with each bit flipped: there must be a reply, and nothing
 * else may happen.
 */
static void malformed_cut_and_turn(struct client *c, const u8 *message, u32 size)
{
	for (u32 cut = FUSE_REQUEST_MIN; cut < size; cut++) {
		/* The buffer has exactly this size, so that a sanitizer detects reads beyond it. */
		u8 *exact = malloc(cut);

		memcpy(exact, message, cut);
		for (u32 room = 0; room < 200; room += 8)
			assert_in_range(fuse_answer(c->fuse, exact, cut, c->reply, room), 0, room);
		free(exact);
	}
	for (u32 at = 4; at < size; at++)
		for (unsigned bit = 0; bit < 8; bit++) {
			memcpy(c->request, message, size);
			c->request[at] ^= (u8)(1 << bit);
			fuse_send(c, size);
		}
}

static void test_malformed(void **state)
{
	struct client *c = *state;
	static u8 message[512];

	for (u32 opcode = 0; opcode < OPCODES; opcode++)
		for (unsigned names = 0; names < 2; names++) {
			u32 size = malformed_good(c, opcode, names);

			assert_true(size <= sizeof(message));
			memcpy(message, c->request, size);
			malformed_cut_and_turn(c, message, size);
		}
}

/*
 * Appends an argument: n is a node, h a handle, m a mode, d and q are numbers, s is a file's name,
 * x an attribute's name, D five bytes.
 */
static void malformed_put_random(struct client *c, u32 *size, char kind)
{
	static const char *const names[] = { "a", "b", "c", "..", "." };
	const char *name = kind == 'x' ? "user.x" : names[client_below(c, ARRAY_SIZE(names))];

	if (kind == 's' || kind == 'x') {
		memcpy(c->request + *size, name, strlen(name) + 1);
		*size += (u32)strlen(name) + 1;
	} else if (kind == 'n' || kind == 'h') {
		client_append(c, size, client_below(c, 8) | (u64)client_below(c, 3) << 32, 8);
	} else if (kind == 'm') {
		client_append(c, size, client_below(c, 16) << 12 | 0700, 4);
	} else if (kind == 'D') {
		client_append(c, size, 0x3534333231, 5);
	} else {
		client_append(c, size, client_below(c, 600), kind == 'q' ? 8 : 4);
	}
}

/* Random requests with few nodes and few names reach states that no other test covers. */
static void test_random(void **state)
{
	struct client *c = *state;
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

	for (unsigned n = 0; n < 200000; n++) {
		unsigned kind = client_below(c, ARRAY_SIZE(kinds));
		struct fuse_in_header *header = (struct fuse_in_header *)c->request;
		u32 size = sizeof(*header);

		for (const char *at = kinds[kind].arguments; *at; at++)
			malformed_put_random(c, &size, *at);
		*header = (struct fuse_in_header){
			.len = size,
			.opcode = kinds[kind].opcode,
			.nodeid = client_below(c, 4) ?
				client_below(c, 8) | (u64)client_below(c, 3) << 32 : ROOT,
		};
		fuse_send(c, size);
	}
}

const struct CMUnitTest unit_tests[] = {
	CLIENT_FUSE(test_nodes_that_are_none),
	CLIENT_FUSE(test_counts_that_are_wrong),
	CLIENT_FUSE(test_many_removed),
	CLIENT_FUSE(test_malformed),
	CLIENT_FUSE(test_random),
	CLIENT_CASE(test_random, "FUSE, mapped, always", client_fuse_mapped_always),
	{ 0 },
};
