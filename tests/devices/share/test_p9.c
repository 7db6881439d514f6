/* SPDX-License-Identifier: MIT */
/*
 * devices/share/p9*.c: requests work, and malformed, greedy and random ones do no harm. The rows
 * are those of the project's list of known bugs of 9P servers.
 */
#include "client.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
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

static void test_version(void **state)
{
	(void)state;
	assert_int_equal(client_call(&client, TVERSION, "ds", 8192, "9P2000"), 0);
	assert_int_equal(client_get(&client, 4, 2), 7);
	assert_memory_equal(client.reply + 13, "unknown", 7);
	/* All fids are gone, and nothing goes before a version is agreed on. */
	assert_int_equal(client_call(&client, TGETATTR, "dq", ROOT, (u64)0), EPROTO);
	assert_int_equal(client_call(&client, TVERSION, "ds", 4095, "9P2000.L"), EINVAL);
	assert_int_equal(client_call(&client, TVERSION, "ds", UINT32_MAX, "9P2000.L"), 0);
	assert_int_equal(client_get(&client, 0, 4), P9_MSIZE_MAX);
	assert_int_equal(client_call(&client, TGETATTR, "dq", ROOT, (u64)0), EBADF);
	assert_int_equal(client_call(&client, TATTACH, "ddssd", 9, 8, "", "", 0), EINVAL);
	assert_int_equal(client_call(&client, TATTACH, "ddssd", NOFID, NOFID, "", "", 0), EBADF);
	assert_int_equal(client_call(&client, TATTACH, "ddssd", 9, NOFID, "", "", 0), 0);
	assert_int_equal(client_call(&client, TATTACH, "ddssd", 9, NOFID, "", "", 0), EBADF);
	assert_int_equal(client_call(&client, TAUTH, "dss", 9, "", ""), EOPNOTSUPP);
}

static void test_files(void **state)
{
	static u8 data[40000];

	(void)state;
	memset(data, 0x5a, sizeof(data));
	assert_int_equal(client_call(&client, TWALK, "ddw", ROOT, 2, 0), 0);
	assert_int_equal(client_call(&client, TLCREATE, "dsddd", 2, "f", O_RDWR, 0640, 0), 0);
	assert_int_equal(client_get(&client, 13, 4), MSIZE - 24);
	assert_int_equal(client_call(&client, TWRITE, "dqD", 2, (u64)5, sizeof(data), data), 0);
	assert_int_equal(client_get(&client, 0, 4), sizeof(data));
	assert_int_equal(client_call(&client, TREAD, "dqd", 2, (u64)0, UINT32_MAX), 0);
	assert_int_equal(client_get(&client, 0, 4), sizeof(data) + 5);
	assert_int_equal(client_get(&client, 4, 8), 0x5a5a5a0000000000);
	assert_int_equal(client_call(&client, TREAD, "dqd", 2, UINT64_MAX, 10), 0);
	assert_int_equal(client_get(&client, 0, 4), 0);
	assert_int_equal(client_call(&client, TWRITE, "dqD", 2, (u64)INT64_MAX, 1, data), EFBIG);
	assert_int_equal(client_call(&client, TFSYNC, "dd", 2, 0), 0);
	assert_int_equal(client_call(&client, TLOCK, "dbdqqds", 2, 1, 0, (u64)0, (u64)0, 1, "me"),
			 0);
	assert_int_equal(client_call(&client, TGETLOCK, "dbqqds", 2, 1, (u64)3, (u64)4, 1, "me"),
			 0);
	assert_int_equal(client_get(&client, 0, 1), 2);
	/* Truncated, then removed, and still there for a client that has it. */
	assert_int_equal(client_call(&client, TSETATTR, "dddddqqqqq", 2, 8, 0, 0, 0, (u64)6, (u64)0,
				     (u64)0, (u64)0, (u64)0),
			 0);
	assert_int_equal(client_call(&client, TUNLINKAT, "dsd", ROOT, "f", 0), 0);
	assert_int_equal(client_call(&client, TGETATTR, "dq", 2, (u64)0x7ff), 0);
	assert_int_equal(client_get(&client, 49, 8), 6);
	assert_int_equal(client_call(&client, TREAD, "dqd", 2, (u64)0, 100), 0);
	assert_int_equal(client_get(&client, 0, 4), 6);
	assert_int_equal(client_call(&client, TCLUNK, "d", 2), 0);
	assert_int_equal(client_call(&client, TREAD, "dqd", 2, (u64)0, 100), EBADF);
}

static void test_renames_carry_fids(void **state)
{
	(void)state;
	assert_int_equal(client_call(&client, TMKDIR, "dsdd", ROOT, "a", 0755, 0), 0);
	assert_int_equal(client_call(&client, TMKDIR, "dsdd", ROOT, "z", 0755, 0), 0);
	assert_int_equal(client_walk(&client, 2, "a"), 0);
	assert_int_equal(client_call(&client, TMKDIR, "dsdd", 2, "b", 0755, 0), 0);
	assert_int_equal(client_walk(&client, 3, "a/b"), 0);
	assert_int_equal(client_walk(&client, 4, "z"), 0);
	assert_int_equal(client_call(&client, TRENAMEAT, "dsds", ROOT, "a", 4, "c"), 0);
	assert_int_equal(client_call(&client, TMKDIR, "dsdd", 3, "deep", 0755, 0), 0);
	assert_int_equal(access(client_host(&client, "share/z/c/b/deep"), F_OK), 0);
	assert_int_equal(client_call(&client, TRENAME, "dds", 3, ROOT, "top"), 0);
	assert_int_equal(client_call(&client, TMKDIR, "dsdd", 3, "more", 0755, 0), 0);
	assert_int_equal(access(client_host(&client, "share/top/more"), F_OK), 0);
	assert_int_equal(client_call(&client, TRENAMEAT, "dsds", ROOT, "z", 2, "z"), EINVAL);
	assert_int_equal(client_call(&client, TREMOVE, "d", ROOT), EBUSY);
}

static void make_files(unsigned count)
{
	char name[32];

	for (unsigned n = 0; n < count; n++) {
		snprintf(name, sizeof(name), "file-%u", n);
		assert_int_equal(client_call(&client, TMKNOD, "dsdddd", ROOT, name, S_IFREG | 0644,
					     0, 0, 0),
				 0);
	}
}

/* All names of ROOT, read by `count` bytes at a time; each entry must be whole. */
static unsigned read_folder(u32 count)
{
	unsigned names = 0;
	u64 offset = 0;

	assert_int_equal(client_open(&client, 7, "", O_RDONLY), 0);
	for (;;) {
		u32 size, at = 0;

		assert_int_equal(client_call(&client, TREADDIR, "dqd", 7, offset, count), 0);
		size = (u32)client_get(&client, 0, 4);
		assert_true(size <= count);
		if (!size)
			break;
		for (; at < size; names++) {
			offset = client_get(&client, 4 + at + 13, 8);
			at += 24 + (u32)client_get(&client, 4 + at + 22, 2);
		}
		assert_int_equal(at, size);
	}
	assert_int_equal(client_call(&client, TCLUNK, "d", 7), 0);
	return names;
}

/* CVE-2026-9238: the size that Treaddir asks for must not become memory. */
static void test_row_treaddir_of_any_size(void **state)
{
	static const u32 sizes[] = { 64, 300, 4096, MSIZE, 0x7fffffff, UINT32_MAX };

	(void)state;
	make_files(300);
	for (unsigned n = 0; n < ARRAY_SIZE(sizes); n++)
		assert_int_equal(read_folder(sizes[n]), 302);
	assert_int_equal(client_open(&client, 2, "", O_RDONLY), 0);
	for (u32 count = 0; count < 25; count++)
		assert_int_equal(client_call(&client, TREADDIR, "dqd", 2, (u64)0, count), EINVAL);
	assert_int_equal(client_call(&client, TREADDIR, "dqd", 2, UINT64_MAX, 4096), EINVAL);
	client_call(&client, TREADDIR, "dqd", 2, (u64)0x123456789abc, 4096);
	assert_int_equal(client_call(&client, TREADDIR, "dqd", ROOT, (u64)0, 4096), EBADF);
	assert_int_equal(client_call(&client, TREAD, "dqd", 2, (u64)0, 4096), EISDIR);
}

static void test_attributes(void **state)
{
	(void)state;
	make_files(1);
	assert_int_equal(client_walk(&client, 2, "file-0"), 0);
	assert_int_equal(client_call(&client, TXATTRCREATE, "dsqd", 2, "user.a", (u64)5, 0), 0);
	assert_int_equal(client_call(&client, TWRITE, "dqD", 2, (u64)0, 2, "va"), 0);
	assert_int_equal(client_call(&client, TWRITE, "dqD", 2, (u64)1, 2, "va"), EINVAL);
	assert_int_equal(client_call(&client, TWRITE, "dqD", 2, (u64)2, 4, "lue!"), EINVAL);
	assert_int_equal(client_call(&client, TWRITE, "dqD", 2, (u64)2, 3, "lue"), 0);
	assert_int_equal(client_call(&client, TCLUNK, "d", 2), 0);
	assert_int_equal(client_walk(&client, 2, "file-0"), 0);
	assert_int_equal(client_call(&client, TXATTRWALK, "dds", 2, 3, "user.a"), 0);
	assert_int_equal(client_get(&client, 0, 8), 5);
	assert_int_equal(client_call(&client, TREAD, "dqd", 3, (u64)1, 100), 0);
	assert_int_equal(client_get(&client, 0, 4), 4);
	assert_memory_equal(client.reply + 11, "alue", 4);
	assert_int_equal(client_call(&client, TREAD, "dqd", 3, UINT64_MAX, 100), 0);
	assert_int_equal(client_get(&client, 0, 4), 0);
	assert_int_equal(client_call(&client, TXATTRWALK, "dds", 2, 4, ""), 0);
	assert_int_equal(client_get(&client, 0, 8), 7);
	assert_int_equal(client_call(&client, TXATTRWALK, "dds", 2, 5, "user.b"), ENODATA);
	/* Not written as announced: not set. */
	assert_int_equal(client_call(&client, TXATTRCREATE, "dsqd", 2, "user.b", (u64)5, 0), 0);
	assert_int_equal(client_call(&client, TCLUNK, "d", 2), EINVAL);
	/* Taken away. */
	assert_int_equal(client_walk(&client, 2, "file-0"), 0);
	assert_int_equal(client_call(&client, TXATTRCREATE, "dsqd", 2, "user.a", (u64)0, 0), 0);
	assert_int_equal(client_call(&client, TCLUNK, "d", 2), 0);
	assert_int_equal(client_call(&client, TXATTRWALK, "dds", ROOT, 5, ""), 0);
	assert_int_equal(client_get(&client, 0, 8), 0);
}

/* CVE-2026-8348: attributes that are announced and never written must not fill the memory. */
static void test_row_many_attributes(void **state)
{
	unsigned n = 0;
	int error = 0;

	(void)state;
	make_files(1);
	for (; n < 1000 && !error; n++) {
		assert_int_equal(client_walk(&client, 10 + n, "file-0"), 0);
		error = client_call(&client, TXATTRCREATE, "dsqd", 10 + n, "user.x", (u64)65536, 0);
	}
	assert_int_equal(error, ENOSPC);
	assert_true(n < 100);
	assert_int_equal(client_call(&client, TXATTRCREATE, "dsqd", 9 + n, "user.x", UINT64_MAX, 0),
			 E2BIG);
	/* Given back with the fids. */
	for (unsigned k = 0; k < n; k++)
		client_call(&client, TCLUNK, "d", 10 + k);
	assert_int_equal(client_walk(&client, 10, "file-0"), 0);
	assert_int_equal(client_call(&client, TXATTRCREATE, "dsqd", 10, "user.x", (u64)65536, 0),
			 0);
}

/* Fids are many and end somewhere; open files end where the share's descriptors do. */
static void test_bounds(void **state)
{
	unsigned open = 0, fids = 0;

	(void)state;
	make_files(1);
	client.descriptors = 200;
	client_restart(&client, SHARE_NONE, false);
	while (!client_open(&client, 1000 + open, "file-0", O_RDONLY))
		open++;
	assert_int_equal(client_get(&client, 0, 0), 0);
	assert_int_equal(open, 100);
	while (!client_call(&client, TWALK, "ddw", ROOT, 100000 + fids, 0))
		fids++;
	assert_in_range(fids, 1 << 16, 1 << 18);
	assert_int_equal(client_call(&client, TVERSION, "ds", MSIZE, "9P2000.L"), 0);
}

/* More folders in each other than the host takes at a time, with few descriptors. */
static void test_depth(void **state)
{
	struct rlimit before, limit;
	unsigned deep = 0;
	char remove[256];

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	limit = before;
	limit.rlim_cur = 256;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	client.descriptors = 192;
	client_restart(&client, SHARE_NONE, false);
	assert_int_equal(client_call(&client, TWALK, "ddw", ROOT, 2, 0), 0);
	for (; deep < 900; deep++) {
		assert_int_equal(client_call(&client, TMKDIR, "dsdd", 2, "d", 0755, 0), 0);
		assert_int_equal(client_call(&client, TWALK, "ddws", 2, 2, 1, "d"), 0);
	}
	/* And back, past folders whose descriptors were closed. */
	for (unsigned n = 0; n < deep; n++)
		assert_int_equal(client_call(&client, TWALK, "ddws", 2, 2, 1, ".."), 0);
	assert_int_equal(client_call(&client, TMKDIR, "dsdd", 2, "top", 0755, 0), 0);
	assert_int_equal(access(client_host(&client, "share/top"), F_OK), 0);
	/* So deep that some of it cannot be opened any more. */
	for (deep = 0; deep < 3000; deep++) {
		client_call(&client, TMKDIR, "dsdd", 2, "d", 0755, 0);
		client_call(&client, TWALK, "ddws", 2, 2, 1, "d");
	}
	for (; deep; deep--)
		client_call(&client, TWALK, "ddws", 2, 2, 1, "..");
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	snprintf(remove, sizeof(remove), "rm -rf %s/share/d", client.place.top);
	assert_int_equal(system(remove), 0);
}

static void test_mapped_owner_and_mode(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(client_call(&client, TATTACH, "ddssd", 2, NOFID, "", "", 1000), 0);
	assert_int_equal(client_call(&client, TLCREATE, "dsddd", 2, "f", O_RDWR, 04751, 77), 0);
	assert_int_equal(lstat(client_host(&client, "share/f"), &st), 0);
	assert_int_equal(st.st_mode, S_IFREG | 0600);
	assert_int_equal(client_call(&client, TGETATTR, "dq", 2, (u64)0x7ff), 0);
	assert_int_equal(client_get(&client, 21, 4), S_IFREG | 04751);
	assert_int_equal(client_get(&client, 25, 4), 1000);
	assert_int_equal(client_get(&client, 29, 4), 77);
	assert_int_equal(client_call(&client, TSETATTR, "dddddqqqqq", 2, 7, 0123, 5, 6, (u64)0,
				     (u64)0, (u64)0, (u64)0, (u64)0),
			 0);
	assert_int_equal(client_call(&client, TGETATTR, "dq", 2, (u64)0x7ff), 0);
	assert_int_equal(client_get(&client, 21, 4), S_IFREG | 0123);
	assert_int_equal(client_get(&client, 25, 4), 5);
	assert_int_equal(client_get(&client, 29, 4), 6);
	/* Ours are not the guest's to see. */
	assert_int_equal(client_call(&client, TXATTRWALK, "dds", 2, 3, ""), 0);
	assert_int_equal(client_get(&client, 0, 8), 0);
}

/* A good message of each kind. */
static u32 good_message(unsigned type)
{
	client_call(&client, TWALK, "ddw", ROOT, 2, 0);
	switch (type) {
	case TLCREATE:
		client_call(&client, type, "dsddd", 2, "f", O_RDWR, 0644, 0);
		break;
	case TSYMLINK:
		client_call(&client, type, "dssd", 2, "l", "target", 0);
		break;
	case TMKNOD:
		client_call(&client, type, "dsdddd", 2, "n", S_IFREG | 0644, 0, 0, 0);
		break;
	case TSETATTR:
		client_call(&client, type, "dddddqqqqq", 2, 0, 0, 0, 0, (u64)0, (u64)0, (u64)0,
			    (u64)0, (u64)0);
		break;
	case TWALK:
		client_call(&client, type, "ddwsss", 2, 3, 3, "a", "b", "c");
		break;
	case TRENAMEAT:
		client_call(&client, type, "dsds", 2, "x", 2, "y");
		break;
	default:
		client_call(&client, type, "dsqqdddsss", 2, "name", (u64)1, (u64)2, 3, 4, 5, "a",
			    "b", "c");
	}
	return *(u32 *)client.request;
}

/* Each kind, cut at each byte, and with each byte another: an answer, and nothing else. */
static void test_malformed(void **state)
{
	static u8 message[512];

	(void)state;
	for (unsigned type = 0; type < 256; type++) {
		u32 size;

		if (type == TVERSION)
			continue;
		size = good_message(type);
		memcpy(message, client.request, size);
		for (u32 cut = P9_HEADER; cut < size; cut++) {
			/* No byte longer, so that a sanitizer sees what is read beyond. */
			u8 *exact = malloc(cut);

			memcpy(exact, message, cut);
			assert_in_range(p9_answer(client.p9, exact, cut, client.reply, 11), 7, 11);
			free(exact);
		}
		for (u32 at = P9_HEADER; at < size; at++)
			for (unsigned bit = 0; bit < 8; bit++) {
				memcpy(client.request, message, size);
				client.request[at] ^= (u8)(1 << bit);
				client_send(&client, size);
			}
		client_call(&client, TCLUNK, "d", 2);
		client_call(&client, TCLUNK, "d", 3);
	}
}

static u64 seed = 1;

static u32 p9_below(u32 limit)
{
	seed = seed * 6364136223846793005ull + 1442695040888963407ull;
	return (u32)(seed >> 33) % limit;
}

static void p9_put(u32 *size, u64 number, u32 bytes)
{
	memcpy(client.request + *size, &number, bytes);
	*size += bytes;
}

static void put_name(u32 *size, const char *name)
{
	p9_put(size, strlen(name), 2);
	memcpy(client.request + *size, name, strlen(name));
	*size += (u32)strlen(name);
}

/* An argument: f a fid, n a name, x an attribute's, d or q a number; m, u: modes, flags. */
static void put_random(u32 *size, char kind)
{
	static const char *const names[] = { "a", "b", "c", "..", "." };

	if (kind == 'n')
		put_name(size, names[p9_below(ARRAY_SIZE(names))]);
	else if (kind == 'x')
		put_name(size, p9_below(2) ? "user.x" : "");
	else if (kind == 'f')
		p9_put(size, p9_below(6), 4);
	else if (kind == 'm')
		p9_put(size, p9_below(16) << 12 | 0700, 4);
	else if (kind == 'u')
		p9_put(size, p9_below(2) * 0x200, 4);
	else if (kind == 'D')
		p9_put(size, 5, 4), p9_put(size, 0x3534333231, 5);
	else
		p9_put(size, p9_below(kind == '2' ? 3 : 600),
		       kind == 'q' ? 8 :
		       kind == '2' ? 2 :
				     4);
}

/* Random requests with few fids and few names reach unforeseen states. */
static void test_random(void **state)
{
	static const struct {
		u8 type;
		const char *arguments;
	} kinds[] = {
		{ TLOPEN, "fd" },	   { TLCREATE, "fndmd" },   { TSYMLINK, "fnnd" },
		{ TMKNOD, "fnmddd" },	   { TRENAME, "ffn" },	    { TREADLINK, "f" },
		{ TGETATTR, "fq" },	   { TSETATTR, "fdmddqqqqq" }, { TXATTRWALK, "ffx" },
		{ TXATTRCREATE, "fxqd" },  { TREADDIR, "fqd" },	    { TLINK, "ffn" },
		{ TMKDIR, "fnmd" },	   { TRENAMEAT, "fnfn" },   { TUNLINKAT, "fnu" },
		{ TWALK, "ff2nn" },	   { TWALK, "ff2n" },	    { TWALK, "ff2" },
		{ TREAD, "fqd" },	   { TWRITE, "fqD" },	    { TCLUNK, "f" },
		{ TREMOVE, "f" },	   { TSTATFS, "f" },
	};

	(void)state;
	for (unsigned n = 0; n < 200000; n++) {
		unsigned kind = p9_below(ARRAY_SIZE(kinds));
		u32 size = P9_HEADER;

		if (n % 100 == 0)
			client_call(&client, TATTACH, "ddssd", p9_below(6), NOFID, "", "", 0);
		for (const char *at = kinds[kind].arguments; *at; at++)
			put_random(&size, *at);
		memcpy(client.request, &size, sizeof(size));
		client.request[4] = kinds[kind].type;
		client_send(&client, size);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_version, setup, teardown),
		cmocka_unit_test_setup_teardown(test_files, setup, teardown),
		cmocka_unit_test_setup_teardown(test_renames_carry_fids, setup, teardown),
		cmocka_unit_test_setup_teardown(test_row_treaddir_of_any_size, setup, teardown),
		cmocka_unit_test_setup_teardown(test_attributes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_row_many_attributes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bounds, setup, teardown),
		cmocka_unit_test_setup_teardown(test_depth, setup, teardown),
		cmocka_unit_test_setup_teardown(test_mapped_owner_and_mode, setup_mapped, teardown),
		cmocka_unit_test_setup_teardown(test_malformed, setup, teardown),
		cmocka_unit_test_setup_teardown(test_random, setup, teardown),
		cmocka_unit_test_setup_teardown(test_random, setup_mapped, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
