/* SPDX-License-Identifier: MIT */
/* Tests private copies of images: writes are visible, can be undone, and never reach the file. */
#include "devices/block/disk.h"
#include "devices/block/disk_copy.h"
#include "tests/cmocka.h"
#include "tests/cpu/random.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SECTORS 64
#define SIZE (SECTORS * DISK_SECTOR)

struct fixture {
	char path[32];
	u8 content[SIZE];
	struct disk disk;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	u64 seed = 3;
	int fd;

	assert_non_null(f);
	for (unsigned n = 0; n < SIZE; n++)
		f->content[n] = (u8)random_u64(&seed);
	strcpy(f->path, "/tmp/baya-copy-XXXXXX");
	fd = mkstemp(f->path);
	assert_int_equal(write(fd, f->content, SIZE), SIZE);
	close(fd);
	assert_int_equal(disk_open(&f->disk, f->path, true), 0);
	assert_int_equal(disk_make_copy(&f->disk), 0);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	disk_close(&f->disk);
	unlink(f->path);
	free(f);
	return 0;
}

static void disk_copy_check(struct fixture *f, const u8 *expected)
{
	u8 data[SIZE];
	struct iovec iov[] = { { data, 1000 }, { data + 1000, SIZE - 1000 } };

	assert_int_equal(disk_read(&f->disk, 0, iov, 2), 0);
	assert_memory_equal(data, expected, SIZE);
}

/* Makes random writes and zeroes random ranges, in the disk and in the expected contents. */
static void scribble(struct fixture *f, u8 *expected, u64 *seed)
{
	for (unsigned n = 0; n < 50; n++) {
		u64 first = random_u64(seed) % SECTORS, count = 1 + random_u64(seed) % 4;
		u64 offset = first * DISK_SECTOR;
		u64 size = MIN(count, SECTORS - first) * DISK_SECTOR;
		u8 data[4 * DISK_SECTOR];
		struct iovec iov[] = { { data, 100 }, { data + 100, size - 100 } };

		for (unsigned i = 0; i < size; i++)
			data[i] = (u8)random_u64(seed);
		if (n % 5 == 0) {
			memset(data, 0, size);
			assert_int_equal(disk_zero(&f->disk, offset, size, n % 2), 0);
		} else {
			assert_int_equal(disk_write(&f->disk, offset, iov, 2), 0);
		}
		memcpy(expected + offset, data, size);
	}
}

static void disk_copy_check_file(struct fixture *f)
{
	struct disk disk;
	u8 data[SIZE];
	struct iovec iov = { data, SIZE };

	assert_int_equal(disk_open(&disk, f->path, true), 0);
	assert_int_equal(disk_read(&disk, 0, &iov, 1), 0);
	assert_memory_equal(data, f->content, SIZE);
	disk_close(&disk);
}

static void test_undo(void **state)
{
	struct fixture *f = *state;
	u8 marked[SIZE], now[SIZE];
	u64 seed = 9;

	memcpy(marked, f->content, SIZE);
	for (unsigned round = 0; round < 5; round++) {
		scribble(f, marked, &seed);
		disk_copy_mark(f->disk.copy);
		assert_int_equal(disk_copy_pending(f->disk.copy), 0);
		memcpy(now, marked, SIZE);
		scribble(f, now, &seed);
		disk_copy_check(f, now);
		assert_true(disk_copy_pending(f->disk.copy) > 50 * DISK_SECTOR);
		disk_copy_undo(f->disk.copy);
		disk_copy_check(f, marked);
		disk_copy_undo(f->disk.copy);
		disk_copy_check(f, marked);
	}
	assert_int_equal(disk_flush(&f->disk), 0);
	disk_copy_check_file(f);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test_setup_teardown(test_undo, setup, teardown),
	{ 0 },
};
