/* SPDX-License-Identifier: MIT */
/* Tests devices/virtio/blk.c with errors of the host, and with -drive's werror= and rerror=. */
#include "blk_guest.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { IN = 0, OUT = 1 };

/* The error with which writes fail; 0: none. */
static int host_error;

ssize_t __real_pwritev(int fd, const struct iovec *iov, int count, off_t offset);
ssize_t __wrap_pwritev(int fd, const struct iovec *iov, int count, off_t offset);

ssize_t __wrap_pwritev(int fd, const struct iovec *iov, int count, off_t offset)
{
	if (!host_error)
		return __real_pwritev(fd, iov, count, offset);
	errno = host_error;
	return -1;
}

static int blk_errors_setup(void **state)
{
	static struct blk_guest fixture;
	struct blk_guest *f = *state = &fixture;

	host_error = 0;
	memset(f, 0, sizeof(*f));
	memset(f->content, 3, sizeof(f->content));
	blk_guest_make_file(f);
	blk_guest_start(f, false, 1);
	guest_start(&f->guest, &f->queue, guest_offered(&f->guest), 256);
	return 0;
}

/* Writes a request to the ring: header, `size` bytes at BUFFER, status. */
static void put_request(struct blk_guest *f, u32 type, u64 sector, u32 size)
{
	blk_guest_put_header(f, type, sector);
	ring_desc(&f->queue, 0, HEADER, 16, FLAGS(F_NEXT, 1));
	ring_desc(&f->queue, 1, BUFFER, size, FLAGS(F_NEXT | (type == IN ? F_WRITE : 0), 2));
	ring_desc(&f->queue, 2, STATUS, 1, FLAGS(F_WRITE, 0));
}

static u8 request(struct blk_guest *f, u32 type, u64 sector, u32 size)
{
	put_request(f, type, sector, size);
	guest_run(&f->queue, 0);
	return *(u8 *)guest_ram(&f->guest, STATUS);
}

/* Offers a write of a sector. Returns whether it is done immediately. */
static bool write_is_done(struct blk_guest *f, u64 sector)
{
	put_request(f, OUT, sector, 512);
	guest_submit(&f->queue, 0);
	return guest_returned(&f->queue);
}

/*
 * If the host's disk is full, the request waits, whatever the guest does, until `retry` is called.
 */
static void test_full_disk_waits(void **state)
{
	struct blk_guest *f = *state;
	struct state_image image = { 0 };

	f->disk.on_write = DISK_ENOSPC;
	memset(guest_ram(&f->guest, BUFFER), 7, 512);
	host_error = ENOSPC;
	assert_false(write_is_done(f, 3));
	assert_int_equal(*(u8 *)guest_ram(&f->guest, STATUS), UNTOUCHED);
	assert_int_equal(f->reports, 1);
	guest_kick(&f->queue);
	assert_int_equal(f->failures, 1);
	f->disk.retry(f->disk.user);
	assert_int_equal(f->failures, 2);
	assert_false(guest_returned(&f->queue));

	assert_int_equal(state_save(&f->guest.platform.state, &image), 0);
	f->disk.retry(f->disk.user);
	assert_int_equal(state_load(&f->guest.platform.state, image.data, image.size), 0);
	free(image.data);
	host_error = 0;
	guest_kick(&f->queue);
	assert_false(guest_returned(&f->queue));
	f->disk.retry(f->disk.user);
	assert_true(guest_returned(&f->queue));
	assert_int_equal(*(u8 *)guest_ram(&f->guest, STATUS), OK);
	memset(f->content + 3 * 512, 7, 512);
	blk_guest_check_file(f);
	f->disk.retry(f->disk.user); /* nothing waits */
	assert_false(guest_returned(&f->queue));

	host_error = EIO;
	assert_true(write_is_done(f, 3));
	assert_int_equal(*(u8 *)guest_ram(&f->guest, STATUS), IOERR);
}

/* Nothing waits for a user who cannot come. */
static void test_full_disk_unattended(void **state)
{
	struct blk_guest *f = *state;
	bool unattended = true;

	f->disk.on_write = DISK_ENOSPC;
	f->disk.unattended = &unattended;
	host_error = ENOSPC;
	assert_true(write_is_done(f, 3));
	assert_int_equal(*(u8 *)guest_ram(&f->guest, STATUS), IOERR);
	unattended = false;
	assert_false(write_is_done(f, 3));
	f->disk.unattended = NULL;
}

static void test_errors_ignored_and_stopped_for(void **state)
{
	struct blk_guest *f = *state;

	host_error = EIO;
	f->disk.on_write = DISK_IGNORE;
	assert_true(write_is_done(f, 3));
	assert_int_equal(*(u8 *)guest_ram(&f->guest, STATUS), OK);
	f->disk.on_write = DISK_STOP;
	assert_false(write_is_done(f, 3));
	host_error = 0;

	/* A waiting request is dropped when the driver resets the queue. */
	guest_start(&f->guest, &f->queue, guest_offered(&f->guest), 256);
	f->disk.retry(f->disk.user);
	blk_guest_check_file(f);
	assert_int_equal(truncate(f->path, 100 * 512), 0);
	f->disk.on_read = DISK_IGNORE;
	assert_int_equal(request(f, IN, 99, 1024), OK);
	assert_int_equal(truncate(f->path, sizeof(f->content)), 0);
}

/* Written zeros take no space if detect-zeroes= requests that. */
static void test_zeros_are_detected(void **state)
{
	struct blk_guest *f = *state;
	struct stat before, after;

	assert_int_equal(stat(f->path, &before), 0);
	memset(guest_ram(&f->guest, BUFFER), 0, 64 * KiB);
	f->disk.zeroes = DISK_ZEROES_UNMAP;
	host_error = EIO; /* nothing is written */
	assert_int_equal(request(f, OUT, 128, 64 * KiB), OK);
	host_error = 0;
	assert_int_equal(stat(f->path, &after), 0);
	assert_true(before.st_blocks - after.st_blocks >= 128);
	memset(f->content + 128 * 512, 0, 64 * KiB);
	blk_guest_check_file(f);
	((u8 *)guest_ram(&f->guest, BUFFER))[64 * KiB - 1] = 1;
	assert_int_equal(request(f, OUT, 128, 64 * KiB), OK);
	f->content[128 * 512 + 64 * KiB - 1] = 1;
	blk_guest_check_file(f);
	((u8 *)guest_ram(&f->guest, BUFFER))[64 * KiB - 1] = 0;
	f->disk.zeroes = DISK_ZEROES_ON;
	assert_int_equal(request(f, OUT, 128, 64 * KiB), OK);
	f->content[128 * 512 + 64 * KiB - 1] = 0;
	blk_guest_check_file(f);
	assert_int_equal(stat(f->path, &after), 0);
	assert_true(before.st_blocks == after.st_blocks);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, blk_errors_setup, blk_guest_teardown)

const struct CMUnitTest unit_tests[] = {
	TEST(test_full_disk_waits),
	TEST(test_full_disk_unattended),
	TEST(test_errors_ignored_and_stopped_for),
	TEST(test_zeros_are_detected),
	{ 0 },
};
