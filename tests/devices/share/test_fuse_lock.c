/* SPDX-License-Identifier: MIT */
/*
 * Tests devices/share/fuse_lock.c, and with it lock.c: locks exclude other programs of the host, as
 * another machine is one and this test, and the owners in the guest from each other, and end when
 * their files are closed.
 */
#include "fuse_wire.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#define ALL ((u64)INT64_MAX)
/* A lock on the whole file, or on bytes 10 to 19 of it. */
enum { WHOLE, PART };

static int other_open(struct client *c)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s", client_host(c, "share/f"));
	fd = open(path, O_RDWR);
	assert_true(fd >= 0);
	return fd;
}

static bool other_locks(int fd, int part, short type)
{
	struct flock lock = { .l_type = type, .l_start = part ? 10 : 0, .l_len = part ? 10 : 0 };

	return !fcntl(fd, F_OFD_SETLK, &lock);
}

/* Creates the file: c->object, which is open by c->handle. */
static void lock_file(struct client *c)
{
	EXPECT(0, create, ROOT, "f", O_RDWR, 0644);
}

/* Sends a request about a lock by c->handle of c->object. */
static int fuse_lock(struct client *c, u32 opcode, u64 owner, int part, u32 type)
{
	return fuse_call(c, opcode, c->object, "qqqqdddd", c->handle, owner,
			 part ? (u64)10 : (u64)0, part ? (u64)19 : ALL, type, 7, 0, 0);
}

static int fuse_flock(struct client *c, u32 opcode, u32 type)
{
	return fuse_call(c, opcode, c->object, "qqqqdddd", c->handle, (u64)1, (u64)0, ALL, type, 7,
			 FUSE_LK_FLOCK, 0);
}

static void test_excludes_the_host(void **state)
{
	struct client *c = *state;
	int other;

	lock_file(c);
	other = other_open(c);
	assert_true(other_locks(other, PART, F_WRLCK));
	assert_int_equal(fuse_lock(c, FUSE_SETLK, 1, WHOLE, F_RDLCK), EAGAIN);
	assert_int_equal(fuse_lock(c, FUSE_SETLKW, 1, WHOLE, F_RDLCK), WAITS);
	assert_int_equal(fuse_lock(c, FUSE_GETLK, 1, WHOLE, F_RDLCK), 0);
	assert_int_equal(fuse_get(c, 0, 8), 10);
	assert_int_equal(fuse_get(c, 8, 8), 19);
	assert_int_equal(fuse_get(c, 16, 4), F_WRLCK);
	assert_int_equal(fuse_get(c, 20, 4), 0);
	assert_true(other_locks(other, PART, F_UNLCK));
	assert_int_equal(fuse_lock(c, FUSE_SETLKW, 1, WHOLE, F_RDLCK), 0);
	assert_false(other_locks(other, PART, F_WRLCK));
	assert_true(other_locks(other, PART, F_RDLCK));
	assert_int_equal(fuse_lock(c, FUSE_SETLK, 1, WHOLE, F_UNLCK), 0);
	assert_true(other_locks(other, WHOLE, F_WRLCK));
	close(other);
}

/* One owner can open the file twice; two owners exclude each other, and know of each other. */
static void test_owners(void **state)
{
	struct client *c = *state;
	u64 node, first, second;

	lock_file(c);
	node = c->object;
	first = c->handle;
	EXPECT(0, open, node, O_RDWR);
	second = c->handle;
	c->handle = first;
	assert_int_equal(fuse_lock(c, FUSE_SETLK, 1, PART, F_WRLCK), 0);
	c->handle = second;
	assert_int_equal(fuse_lock(c, FUSE_SETLK, 1, WHOLE, F_WRLCK), 0);
	assert_int_equal(fuse_lock(c, FUSE_SETLK, 2, PART, F_WRLCK), EAGAIN);
	assert_int_equal(fuse_lock(c, FUSE_GETLK, 2, PART, F_WRLCK), 0);
	assert_int_equal(fuse_get(c, 20, 4), 7);
	assert_int_equal(fuse_lock(c, FUSE_GETLK, 1, PART, F_WRLCK), 0);
	assert_int_equal(fuse_get(c, 16, 4), F_UNLCK);
	/* A process that closes the file loses its locks, whichever of its descriptors it was. */
	assert_int_equal(fuse_call(c, FUSE_FLUSH, node, "qddq", first, 0, 0, (u64)1), 0);
	assert_int_equal(fuse_lock(c, FUSE_SETLK, 2, PART, F_WRLCK), 0);
	/* A lock whose owner has never closed it ends with the open file. */
	EXPECT(0, release, second);
	c->handle = first;
	assert_int_equal(fuse_lock(c, FUSE_SETLK, 1, PART, F_WRLCK), 0);
}

static void test_flock(void **state)
{
	struct client *c = *state;
	int other;

	lock_file(c);
	other = other_open(c);
	assert_int_equal(flock(other, LOCK_SH), 0);
	assert_int_equal(fuse_flock(c, FUSE_SETLK, F_RDLCK), 0);
	assert_int_equal(fuse_flock(c, FUSE_SETLK, F_WRLCK), EAGAIN);
	assert_int_equal(fuse_flock(c, FUSE_SETLKW, F_WRLCK), WAITS);
	assert_int_equal(flock(other, LOCK_UN), 0);
	assert_int_equal(fuse_flock(c, FUSE_SETLKW, F_WRLCK), 0);
	assert_int_not_equal(flock(other, LOCK_SH | LOCK_NB), 0);
	EXPECT(0, release, c->handle);
	assert_int_equal(flock(other, LOCK_SH | LOCK_NB), 0);
	close(other);
}

/*
 * A client that believes that the file is empty, because it was told so within the last second,
 * gets the lock when it no longer believes it, and from then on asks each time.
 */
static void test_reads_what_was_locked(void **state)
{
	struct client *c = *state;
	int other;

	lock_file(c);
	other = other_open(c);
	assert_int_equal(write(other, "text", 4), 4);
	assert_int_equal(fuse_lock(c, FUSE_SETLK, 1, WHOLE, F_WRLCK), WAITS);
	assert_true(other_locks(other, WHOLE, F_WRLCK));
	assert_true(other_locks(other, WHOLE, F_UNLCK));
	clock_advance(&c->clock, CLOCK_HZ + CLOCK_HZ / 10);
	assert_int_equal(fuse_lock(c, FUSE_SETLK, 1, WHOLE, F_WRLCK), 0);
	EXPECT(0, getattr, c->object);
	assert_int_equal(fuse_get(c, 0, 8), 0);
	close(other);
}

/* A client does not believe what it was told of a file that it has written itself. */
static void test_own_writes(void **state)
{
	struct client *c = *state;

	lock_file(c);
	EXPECT(0, write, c->handle, 0, 4, "text");
	assert_int_equal(fuse_lock(c, FUSE_SETLK, 1, WHOLE, F_WRLCK), 0);
}

static void test_refuses(void **state)
{
	struct client *c = *state;

	lock_file(c);
	c->handle++;
	assert_int_equal(fuse_lock(c, FUSE_SETLK, 1, WHOLE, F_WRLCK), EBADF);
	c->handle--;
	assert_int_equal(fuse_lock(c, FUSE_SETLK, 1, WHOLE, 3), EINVAL);
	assert_int_equal(fuse_flock(c, FUSE_SETLK, 3), EINVAL);
	assert_int_equal(fuse_lock(c, FUSE_GETLK, 1, WHOLE, F_UNLCK), EINVAL);
	assert_int_equal(fuse_call(c, FUSE_SETLK, c->object, "qqqqdddd", c->handle, (u64)1, (u64)9,
				   (u64)8, F_WRLCK, 7, 0, 0),
			 EINVAL);
	assert_int_equal(fuse_call(c, FUSE_SETLK, c->object, "qqqqdddd", c->handle, (u64)1, (u64)9,
				   UINT64_MAX, F_WRLCK, 7, 0, 0),
			 EINVAL);
}

/* Locks take descriptors, whose number is limited. */
static void test_many(void **state)
{
	struct client *c = *state;
	u64 owner = 1, handle;

	c->config.descriptors = 64;
	client_restart(c);
	lock_file(c);
	handle = c->handle;
	while (!fuse_lock(c, FUSE_SETLK, owner, WHOLE, F_RDLCK))
		assert_in_range(owner++, 1, 64);
	assert_int_equal(fuse_lock(c, FUSE_SETLK, owner, WHOLE, F_RDLCK), ENOLCK);
	EXPECT(EMFILE, open, c->object, O_RDONLY);
	EXPECT(0, release, handle);
	EXPECT(0, open, c->object, O_RDONLY);
	assert_int_equal(fuse_lock(c, FUSE_SETLK, 1, WHOLE, F_RDLCK), 0);
}

/* A driver that starts again, or a machine that is reset, has no locks. */
static void test_reset(void **state)
{
	struct client *c = *state;
	int other;

	lock_file(c);
	other = other_open(c);
	assert_int_equal(fuse_lock(c, FUSE_SETLK, 1, WHOLE, F_WRLCK), 0);
	assert_false(other_locks(other, WHOLE, F_WRLCK));
	fuse_reset(c->fuse);
	assert_true(other_locks(other, WHOLE, F_WRLCK));
	close(other);
}

const struct CMUnitTest unit_tests[] = {
	CLIENT_FUSE(test_excludes_the_host),
	CLIENT_FUSE(test_owners),
	CLIENT_FUSE(test_flock),
	CLIENT_FUSE(test_reads_what_was_locked),
	CLIENT_FUSE(test_own_writes),
	CLIENT_FUSE(test_refuses),
	CLIENT_FUSE(test_many),
	CLIENT_FUSE(test_reset),
	{ 0 },
};
