/* SPDX-License-Identifier: MIT */
/*
 * Tests devices/share/p9*.c: requests work, and malformed, greedy and random ones do no harm. The
 * tests named test_row_* are for rows of the project's list of known bugs of 9P servers.
 */
#include "p9_wire.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void test_version(void **state)
{
	struct client *c = *state;

	assert_int_equal(p9_call(c, TVERSION, "ds", 8192, "9P2000"), 0);
	assert_int_equal(p9_get(c, 4, 2), 7);
	assert_memory_equal(c->reply + 13, "unknown", 7);
	/* All fids have been freed, and requests are refused until a version is agreed on. */
	assert_int_equal(p9_call(c, TGETATTR, "dq", ROOT, (u64)0), EPROTO);
	assert_int_equal(p9_call(c, TVERSION, "ds", 4095, "9P2000.L"), EINVAL);
	assert_int_equal(p9_call(c, TVERSION, "ds", UINT32_MAX, "9P2000.L"), 0);
	assert_int_equal(p9_get(c, 0, 4), P9_MSIZE_MAX);
	assert_int_equal(p9_call(c, TGETATTR, "dq", ROOT, (u64)0), EBADF);
	assert_int_equal(p9_call(c, TATTACH, "ddssd", 9, 8, "", "", 0), EINVAL);
	assert_int_equal(p9_call(c, TATTACH, "ddssd", NOFID, NOFID, "", "", 0), EBADF);
	assert_int_equal(p9_call(c, TATTACH, "ddssd", 9, NOFID, "", "", 0), 0);
	assert_int_equal(p9_call(c, TATTACH, "ddssd", 9, NOFID, "", "", 0), EBADF);
	assert_int_equal(p9_call(c, TAUTH, "dss", 9, "", ""), EOPNOTSUPP);
}

/* Tests how much a client may read and write at a time, and that each lock is granted. */
static void test_files(void **state)
{
	struct client *c = *state;

	assert_int_equal(p9_call(c, TWALK, "ddw", ROOT, 2, 0), 0);
	assert_int_equal(p9_call(c, TLCREATE, "dsddd", 2, "f", O_RDWR, 0640, 0), 0);
	assert_int_equal(p9_get(c, 13, 4), MSIZE - 24);
	assert_int_equal(p9_call(c, TLOCK, "dbdqqds", 2, 1, 0, (u64)0, (u64)0, 1, "me"), 0);
	assert_int_equal(p9_call(c, TGETLOCK, "dbqqds", 2, 1, (u64)3, (u64)4, 1, "me"), 0);
	assert_int_equal(p9_get(c, 0, 1), 2);
}

/* A file can also be renamed and removed by its fid, with the same restrictions as by its name. */
static void test_requests_by_fid(void **state)
{
	struct client *c = *state;

	EXPECT(0, mkdir, ROOT, "a", 0755);
	EXPECT(0, mkdir, client_at(c, "a"), "b", 0755);
	assert_int_equal(p9_walk_to(c, 3, "a/b"), 0);
	for (unsigned n = 0; n < PLACE_BAD_NAMES; n++)
		assert_int_not_equal(p9_call(c, TRENAME, "dds", 3, ROOT, place_bad_names[n]), 0);
	assert_int_equal(p9_call(c, TRENAME, "dds", 3, ROOT, "top"), 0);
	EXPECT(0, mkdir, 3, "more", 0755);
	assert_int_equal(access(client_host(c, "share/top/more"), F_OK), 0);
	assert_int_equal(p9_call(c, TREMOVE, "d", ROOT), EBUSY);
}

static void test_requests_by_fid_readonly(void **state)
{
	struct client *c = *state;

	EXPECT(0, mknod, ROOT, "f", S_IFREG | 0644, 0);
	c->config.readonly = true;
	client_restart(c);
	assert_int_equal(p9_walk_to(c, 2, "f"), 0);
	assert_int_equal(p9_call(c, TRENAME, "dds", 2, ROOT, "n"), EROFS);
	assert_int_equal(p9_call(c, TREMOVE, "d", 2), EROFS);
	assert_int_equal(access(client_host(c, "share/f"), F_OK), 0);
	assert_int_not_equal(access(client_host(c, "share/n"), F_OK), 0);
}

static void p9_make_files(struct client *c, unsigned count)
{
	char name[32];

	for (unsigned n = 0; n < count; n++) {
		snprintf(name, sizeof(name), "file-%u", n);
		assert_int_equal(p9_call(c, TMKNOD, "dsdddd", ROOT, name, S_IFREG | 0644, 0, 0, 0),
				 0);
	}
}

static void test_attributes(void **state)
{
	struct client *c = *state;

	p9_make_files(c, 1);
	assert_int_equal(p9_walk_to(c, 2, "file-0"), 0);
	assert_int_equal(p9_call(c, TXATTRCREATE, "dsqd", 2, "user.a", (u64)5, 0), 0);
	assert_int_equal(p9_call(c, TWRITE, "dqD", 2, (u64)0, 2, "va"), 0);
	assert_int_equal(p9_call(c, TWRITE, "dqD", 2, (u64)1, 2, "va"), EINVAL);
	assert_int_equal(p9_call(c, TWRITE, "dqD", 2, (u64)2, 4, "lue!"), EINVAL);
	assert_int_equal(p9_call(c, TWRITE, "dqD", 2, (u64)2, 3, "lue"), 0);
	assert_int_equal(p9_call(c, TCLUNK, "d", 2), 0);
	assert_int_equal(p9_walk_to(c, 2, "file-0"), 0);
	assert_int_equal(p9_call(c, TXATTRWALK, "dds", 2, 3, "user.a"), 0);
	assert_int_equal(p9_get(c, 0, 8), 5);
	assert_int_equal(p9_call(c, TREAD, "dqd", 3, (u64)1, 100), 0);
	assert_int_equal(p9_get(c, 0, 4), 4);
	assert_memory_equal(c->reply + 11, "alue", 4);
	assert_int_equal(p9_call(c, TREAD, "dqd", 3, UINT64_MAX, 100), 0);
	assert_int_equal(p9_get(c, 0, 4), 0);
	assert_int_equal(p9_call(c, TXATTRWALK, "dds", 2, 4, ""), 0);
	assert_int_equal(p9_get(c, 0, 8), 7);
	assert_int_equal(p9_call(c, TXATTRWALK, "dds", 2, 5, "user.b"), ENODATA);
	/* The value is not written with the announced size, so it is not set. */
	assert_int_equal(p9_call(c, TXATTRCREATE, "dsqd", 2, "user.b", (u64)5, 0), 0);
	assert_int_equal(p9_call(c, TCLUNK, "d", 2), EINVAL);
	/* The attribute is removed. */
	assert_int_equal(p9_walk_to(c, 2, "file-0"), 0);
	assert_int_equal(p9_call(c, TXATTRCREATE, "dsqd", 2, "user.a", (u64)0, 0), 0);
	assert_int_equal(p9_call(c, TCLUNK, "d", 2), 0);
	assert_int_equal(p9_call(c, TXATTRWALK, "dds", ROOT, 5, ""), 0);
	assert_int_equal(p9_get(c, 0, 8), 0);
}

/* CVE-2026-8348: attributes that are announced and never written must not use up the memory. */
static void test_row_many_attributes(void **state)
{
	struct client *c = *state;
	unsigned n = 0;
	int error = 0;

	p9_make_files(c, 1);
	for (; n < 1000 && !error; n++) {
		assert_int_equal(p9_walk_to(c, 10 + n, "file-0"), 0);
		error = p9_call(c, TXATTRCREATE, "dsqd", 10 + n, "user.x", (u64)65536, 0);
	}
	assert_int_equal(error, ENOSPC);
	assert_true(n < 100);
	assert_int_equal(p9_call(c, TXATTRCREATE, "dsqd", 9 + n, "user.x", UINT64_MAX, 0), E2BIG);
	/* The memory is freed with the fids. */
	for (unsigned k = 0; k < n; k++)
		p9_call(c, TCLUNK, "d", 10 + k);
	assert_int_equal(p9_walk_to(c, 10, "file-0"), 0);
	assert_int_equal(p9_call(c, TXATTRCREATE, "dsqd", 10, "user.x", (u64)65536, 0), 0);
}

/* A client can have many fids, but their number is limited. */
static void test_many_fids(void **state)
{
	struct client *c = *state;
	unsigned fids = 0;

	while (!p9_call(c, TWALK, "ddw", ROOT, 100000 + fids, 0))
		fids++;
	assert_in_range(fids, 1 << 16, 1 << 18);
	assert_int_equal(p9_call(c, TVERSION, "ds", MSIZE, "9P2000.L"), 0);
}

/* Makes a valid message of each type. */
static u32 p9_good_message(struct client *c, unsigned type)
{
	p9_call(c, TWALK, "ddw", ROOT, 2, 0);
	switch (type) {
	case TLCREATE:
		p9_call(c, type, "dsddd", 2, "f", O_RDWR, 0644, 0);
		break;
	case TSYMLINK:
		p9_call(c, type, "dssd", 2, "l", "target", 0);
		break;
	case TMKNOD:
		p9_call(c, type, "dsdddd", 2, "n", S_IFREG | 0644, 0, 0, 0);
		break;
	case TSETATTR:
		p9_call(c, type, "dddddqqqqq", 2, 0, 0, 0, 0, (u64)0, (u64)0, (u64)0, (u64)0,
			(u64)0);
		break;
	case TWALK:
		p9_call(c, type, "ddwsss", 2, 3, 3, "a", "b", "c");
		break;
	case TRENAMEAT:
		p9_call(c, type, "dsds", 2, "x", 2, "y");
		break;
	default:
		p9_call(c, type, "dsqqdddsss", 2, "name", (u64)1, (u64)2, 3, 4, 5, "a", "b", "c");
	}
	return *(u32 *)c->request;
}

/*
 * Messages of each type are sent cut at each byte, and with each byte changed: there must be a
 * reply, and nothing else may happen.
 */
static void test_malformed(void **state)
{
	struct client *c = *state;
	static u8 message[512];

	for (unsigned type = 0; type < 256; type++) {
		u32 size;

		if (type == TVERSION)
			continue;
		size = p9_good_message(c, type);
		memcpy(message, c->request, size);
		for (u32 cut = P9_HEADER; cut < size; cut++) {
			/*
			 * The buffer has exactly this size, so that a sanitizer detects reads
			 * beyond it.
			 */
			u8 *exact = malloc(cut);

			memcpy(exact, message, cut);
			assert_in_range(p9_answer(c->p9, exact, cut, c->reply, 11), 7, 11);
			free(exact);
		}
		for (u32 at = P9_HEADER; at < size; at++)
			for (unsigned bit = 0; bit < 8; bit++) {
				memcpy(c->request, message, size);
				c->request[at] ^= (u8)(1 << bit);
				p9_send(c, size);
			}
		p9_call(c, TCLUNK, "d", 2);
		p9_call(c, TCLUNK, "d", 3);
	}
}

static void p9_put_name(struct client *c, u32 *size, const char *name)
{
	client_append(c, size, strlen(name), 2);
	memcpy(c->request + *size, name, strlen(name));
	*size += (u32)strlen(name);
}

/*
 * Appends an argument: f is a fid, n a file's name, x an attribute's name, d and q are numbers, m
 * and u are modes and flags.
 */
static void p9_put_random(struct client *c, u32 *size, char kind)
{
	static const char *const names[] = { "a", "b", "c", "..", "." };

	if (kind == 'n')
		p9_put_name(c, size, names[client_below(c, ARRAY_SIZE(names))]);
	else if (kind == 'x')
		p9_put_name(c, size, client_below(c, 2) ? "user.x" : "");
	else if (kind == 'f')
		client_append(c, size, client_below(c, 6), 4);
	else if (kind == 'm')
		client_append(c, size, client_below(c, 16) << 12 | 0700, 4);
	else if (kind == 'u')
		client_append(c, size, client_below(c, 2) * 0x200, 4);
	else if (kind == 'D')
		client_append(c, size, 5, 4), client_append(c, size, 0x3534333231, 5);
	else
		client_append(c, size, client_below(c, kind == '2' ? 3 : 600),
			      kind == 'q' ? 8 :
			      kind == '2' ? 2 :
					    4);
}

/* Random requests with few fids and few names reach states that no other test covers. */
static void test_random(void **state)
{
	struct client *c = *state;
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

	for (unsigned n = 0; n < 200000; n++) {
		unsigned kind = client_below(c, ARRAY_SIZE(kinds));
		u32 size = P9_HEADER;

		if (n % 100 == 0)
			p9_call(c, TATTACH, "ddssd", client_below(c, 6), NOFID, "", "", 0);
		for (const char *at = kinds[kind].arguments; *at; at++)
			p9_put_random(c, &size, *at);
		memcpy(c->request, &size, sizeof(size));
		c->request[4] = kinds[kind].type;
		p9_send(c, size);
	}
}

const struct CMUnitTest unit_tests[] = {
	CLIENT_9P(test_version),
	CLIENT_9P(test_files),
	CLIENT_9P(test_requests_by_fid),
	CLIENT_9P(test_requests_by_fid_readonly),
	CLIENT_9P(test_attributes),
	CLIENT_9P(test_row_many_attributes),
	CLIENT_9P(test_many_fids),
	CLIENT_9P(test_malformed),
	CLIENT_9P(test_random),
	CLIENT_9P_MAPPED(test_random),
	{ 0 },
};
