/* SPDX-License-Identifier: MIT */
/*
 * Tests devices/block/disk.c: opening good and bad images, and I/O on a host whose calls are
 * interrupted, are only partly done, or fail. The linker replaces the host's calls by the __wrap_
 * functions here.
 */
#include "devices/block/disk.h"
#include "tests/cmocka.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECTORS 64
#define TAIL 100

ssize_t __real_preadv(int fd, const struct iovec *iov, int count, off_t offset);
ssize_t __real_pwritev(int fd, const struct iovec *iov, int count, off_t offset);
int __real_fdatasync(int fd);
int __real_fallocate(int fd, int mode, off_t offset, off_t size);
ssize_t __wrap_preadv(int fd, const struct iovec *iov, int count, off_t offset);
ssize_t __wrap_pwritev(int fd, const struct iovec *iov, int count, off_t offset);
int __wrap_fdatasync(int fd);
int __wrap_fallocate(int fd, int mode, off_t offset, off_t size);

/*
 * The host's behaviour: call number `fail_at` fails, or all calls from that one on, and each call
 * moves at most `most` bytes.
 */
static struct {
	unsigned calls, fail_at, interrupts;
	bool for_ever;
	int error;
	size_t most; /* the most bytes that a call moves; 0: all */
	bool no_fallocate;
} host;

static bool call_fails(void)
{
	host.calls++;
	if (host.interrupts && host.calls % 2) {
		host.interrupts--;
		errno = EINTR;
		return true;
	}
	errno = host.error;
	return host.fail_at &&
	       (host.for_ever ? host.calls >= host.fail_at : host.calls == host.fail_at);
}

typedef ssize_t vector_io(int fd, const struct iovec *iov, int count, off_t offset);

static ssize_t vector(vector_io *real, int fd, const struct iovec *iov, int count, off_t offset)
{
	struct iovec one = *iov;

	if (call_fails())
		return -1;
	if (!host.most)
		return real(fd, iov, count, offset);
	one.iov_len = MIN(one.iov_len, host.most);
	return real(fd, &one, 1, offset);
}

ssize_t __wrap_preadv(int fd, const struct iovec *iov, int count, off_t offset)
{
	return vector(__real_preadv, fd, iov, count, offset);
}

ssize_t __wrap_pwritev(int fd, const struct iovec *iov, int count, off_t offset)
{
	return vector(__real_pwritev, fd, iov, count, offset);
}

int __wrap_fdatasync(int fd)
{
	return call_fails() ? -1 : __real_fdatasync(fd);
}

int __wrap_fallocate(int fd, int mode, off_t offset, off_t size)
{
	if (call_fails())
		return -1;
	if (!host.no_fallocate)
		return __real_fallocate(fd, mode, offset, size);
	errno = EOPNOTSUPP;
	return -1;
}

struct fixture {
	char dir[32], path[64];
	struct disk disk;
	u8 content[SECTORS * DISK_SECTOR + TAIL];
	u8 data[SECTORS * DISK_SECTOR];
	unsigned reports;
	const char *operation;
	int error;
	bool lasting;
};

static void disk_report(void *ctx, const struct disk_failure *failure)
{
	struct fixture *f = ctx;

	f->reports += failure->first;
	f->operation = failure->operation;
	f->error = failure->error;
	f->lasting = failure->lasting;
}

static void make_file(const char *path, const void *data, size_t size)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static int setup(void **state)
{
	static struct fixture fixture;
	struct fixture *f = *state = &fixture;

	memset(&host, 0, sizeof(host));
	*f = (struct fixture){ .dir = "/tmp/baya-disk-XXXXXX" };
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->path, sizeof(f->path), "%.*s/image", (int)sizeof(f->dir), f->dir);
	for (size_t i = 0; i < sizeof(f->content); i++)
		f->content[i] = (u8)(i * 7 + i / 512);
	make_file(f->path, f->content, sizeof(f->content));
	assert_int_equal(disk_open(&f->disk, f->path, false), 0);
	f->disk.report = disk_report;
	f->disk.report_ctx = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	disk_close(&f->disk);
	assert_int_equal(unlink(f->path), 0);
	assert_int_equal(rmdir(f->dir), 0);
	return 0;
}

static void disk_check_file(struct fixture *f)
{
	static u8 now[sizeof(f->content) + 1];
	FILE *file = fopen(f->path, "rb");

	assert_non_null(file);
	assert_int_equal(fread(now, 1, sizeof(now), file), sizeof(f->content));
	assert_int_equal(fclose(file), 0);
	assert_memory_equal(now, f->content, sizeof(f->content));
}

static void test_open_rounds_up_to_sectors(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(f->disk.sectors, SECTORS + 1);
	assert_false(f->disk.readonly);
}

static void test_open_errors(void **state)
{
	struct fixture *f = *state;
	struct disk disk;
	char path[80];

	snprintf(path, sizeof(path), "%s/absent", f->dir);
	assert_int_equal(disk_open(&disk, path, true), -ENOENT);
	assert_int_equal(disk_open(&disk, path, false), -ENOENT);
	assert_int_equal(disk_open(&disk, f->dir, true), -EISDIR);
	assert_int_equal(disk_open(&disk, f->dir, false), -EISDIR);
	assert_int_equal(disk_open(&disk, "/dev/null", true), -EINVAL);
	snprintf(path, sizeof(path), "%s/small", f->dir);
	make_file(path, f->content, 0);
	assert_int_equal(disk_open(&disk, path, true), -ENODATA);
	assert_int_equal(disk_open(&disk, path, false), -ENODATA);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(disk_open(&disk, path, true), -EINVAL);
	assert_int_equal(disk_open(&disk, path, false), -EINVAL);
	assert_int_equal(unlink(path), 0);
}

static void test_open_file_without_write_permission(void **state)
{
	struct fixture *f = *state;
	struct disk disk;

	uid_t user = geteuid();

	disk_close(&f->disk);
	assert_int_equal(chmod(f->dir, 0755), 0);
	assert_int_equal(chmod(f->path, 0444), 0);
	if (user == 0) /* root may write everything */
		assert_int_equal(seteuid(65534), 0);
	assert_int_equal(disk_open(&disk, f->path, false), -EACCES);
	assert_int_equal(disk_open(&f->disk, f->path, true), 0);
	assert_int_equal(seteuid(user), 0);
}

static void test_one_writer_or_many_readers(void **state)
{
	struct fixture *f = *state;
	struct disk second;

	assert_int_equal(disk_open(&second, f->path, false), -EBUSY);
	assert_int_equal(disk_open(&second, f->path, true), -EBUSY);
	disk_close(&f->disk);
	assert_int_equal(disk_open(&f->disk, f->path, true), 0);
	assert_true(f->disk.readonly);
	assert_int_equal(disk_open(&second, f->path, false), -EBUSY);
	assert_int_equal(disk_open(&second, f->path, true), 0);
	disk_close(&second);
}

/* Reads or writes three pieces of data of odd sizes, which have 8 sectors together. */
static int transfer(struct fixture *f, bool write, u64 offset)
{
	struct iovec iov[] = { { f->data, 1 }, { f->data + 1, 3000 }, { f->data + 3001, 1095 } };

	return write ? disk_write(&f->disk, offset, iov, 3) : disk_read(&f->disk, offset, iov, 3);
}

#define MOVED 4096

static void test_read_and_write(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(transfer(f, false, 1024), 0);
	assert_memory_equal(f->data, f->content + 1024, MOVED);
	assert_int_equal(transfer(f, true, 9 * 512), 0);
	memcpy(f->content + 9 * 512, f->data, MOVED);
	assert_int_equal(disk_flush(&f->disk), 0);
	disk_check_file(f);
}

static void test_short_and_interrupted_calls_go_on(void **state)
{
	struct fixture *f = *state;

	for (size_t most = 1; most < 1200; most += 123) {
		host.most = most;
		host.interrupts = 5;
		memset(f->data, 0, MOVED);
		assert_int_equal(transfer(f, false, most * 16), 0);
		assert_memory_equal(f->data, f->content + most * 16, MOVED);
		host.interrupts = 5;
		assert_int_equal(transfer(f, true, most), 0);
		memcpy(f->content + most, f->data, MOVED);
		host.interrupts = 5;
		assert_int_equal(disk_flush(&f->disk), 0);
		disk_check_file(f);
	}
	assert_int_equal(f->reports, 0);
}

/* Each call in turn fails, once or for ever: the error is returned, and is reported once. */
static void test_every_call_failing(void **state)
{
	static const int errors[] = { EIO, ENOSPC };
	struct fixture *f = *state;
	bool failed;

	for (unsigned kind = 0; kind < 4; kind++) {
		unsigned at = 0;

		do {
			f->disk.failed = false;
			f->reports = 0;
			memset(&host, 0, sizeof(host));
			host.most = 1000;
			host.error = errors[kind & 1];
			host.for_ever = kind & 2;
			host.fail_at = ++at;
			int error = transfer(f, at & 1, 0);

			failed = error;
			assert_int_equal(error, failed ? -host.error : 0);
			assert_int_equal(f->reports, failed);
			if (failed) {
				assert_int_equal(f->error, -host.error);
				assert_string_equal(f->operation, at & 1 ? "write" : "read");
				host.fail_at = host.calls + 1;
				assert_int_equal(transfer(f, at & 1, 0), -host.error);
				assert_int_equal(f->reports, 1);
			}
		} while (failed);
		assert_true(at > 5);
	}
}

/* Only operations that succeed are counted. Zeroing counts as a write, however it is done. */
static void test_counts(void **state)
{
	struct fixture *f = *state;
	const struct disk_counts *counts = &f->disk.counts;
	u64 last;

	assert_int_equal(counts->last, 0);
	assert_int_equal(transfer(f, false, 0), 0);
	assert_int_equal(transfer(f, true, 0), 0);
	assert_int_equal(disk_zero(&f->disk, 0, 1024, false), 0);
	f->disk.zeroes = DISK_ZEROES_UNMAP;
	memset(f->data, 0, MOVED);
	assert_int_equal(transfer(f, true, 0), 0);
	assert_int_equal(disk_zero(&f->disk, 0, 512, true), 0);
	assert_int_equal(disk_flush(&f->disk), 0);
	last = counts->last;
	assert_int_not_equal(last, 0);
	host.fail_at = host.calls + 1;
	host.for_ever = true;
	host.error = EIO;
	assert_int_equal(transfer(f, false, 0), -EIO);
	assert_int_equal(transfer(f, true, 0), -EIO);
	assert_string_equal(f->operation, "write");
	assert_int_equal(disk_flush(&f->disk), -EIO);
	assert_int_equal(counts->of[DISK_READ].operations, 1);
	assert_int_equal(counts->of[DISK_READ].bytes, MOVED);
	assert_int_equal(counts->of[DISK_WRITE].operations, 3);
	assert_int_equal(counts->of[DISK_WRITE].bytes, 2 * MOVED + 1024);
	assert_int_equal(counts->of[DISK_UNMAP].bytes, 512);
	assert_int_equal(counts->of[DISK_FLUSH].operations, 1);
	assert_int_equal(counts->last, last);
}

static void test_flush_failing(void **state)
{
	struct fixture *f = *state;

	host.fail_at = 1;
	host.error = EIO;
	assert_int_equal(disk_flush(&f->disk), -EIO);
	assert_string_equal(f->operation, "flush");
	assert_true(f->disk.failed);
	/* The next fdatasync would succeed, but Linux may have dropped the pages. */
	assert_true(f->lasting);
	assert_int_equal(disk_flush(&f->disk), -EIO);
	assert_int_equal(host.calls, 1);
}

/* The first failure that is lasting is told, also after others. */
static void test_lasting_is_told(void **state)
{
	struct fixture *f = *state;

	host.fail_at = 1;
	host.error = EIO;
	assert_int_equal(transfer(f, true, 0), -EIO);
	assert_false(f->lasting);
	host.fail_at = host.calls + 1;
	assert_int_equal(disk_flush(&f->disk), -EIO);
	assert_true(f->lasting);
	assert_int_equal(f->reports, 2);
	assert_int_equal(disk_flush(&f->disk), -EIO);
	assert_int_equal(f->reports, 2);
}

static void test_file_cut_while_in_use(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(truncate(f->path, 2048), 0);
	assert_int_equal(transfer(f, false, 0), -EIO);
	assert_int_equal(f->reports, 1);
}

/* The file ends within the disk's last sector until that sector is written. */
static void test_last_sector_in_part(void **state)
{
	struct fixture *f = *state;
	u64 last = SECTORS * DISK_SECTOR;
	u8 data[2 * DISK_SECTOR], zeros[DISK_SECTOR] = { 0 };
	struct iovec two = { data, sizeof(data) }, one = { data, DISK_SECTOR };
	struct stat st;

	for (host.most = 1000; host.most >= 10; host.most /= 5) {
		struct iovec again = two;

		memset(data, 0xaa, sizeof(data));
		assert_int_equal(disk_read(&f->disk, last - DISK_SECTOR, &again, 1), 0);
		assert_memory_equal(data, f->content + last - DISK_SECTOR, DISK_SECTOR + TAIL);
		assert_memory_equal(data + DISK_SECTOR + TAIL, zeros, DISK_SECTOR - TAIL);
	}
	disk_check_file(f);
	host.most = 0;
	memset(data, 0x55, sizeof(data));
	assert_int_equal(disk_write(&f->disk, last, &one, 1), 0);
	assert_int_equal(stat(f->path, &st), 0);
	assert_int_equal(st.st_size, last + DISK_SECTOR);
	memset(data, 0, sizeof(data));
	assert_int_equal(disk_read(&f->disk, last - DISK_SECTOR, &two, 1), 0);
	assert_memory_equal(data, f->content + last - DISK_SECTOR, DISK_SECTOR);
	for (unsigned n = 0; n < DISK_SECTOR; n++)
		assert_int_equal(data[DISK_SECTOR + n], 0x55);
}

/*
 * A file of less than a sector is a disk of one sector; a copy and an overlay have the file's
 * bytes.
 */
static void test_less_than_a_sector(void **state)
{
	static int (*const layers[])(struct disk *) = { NULL, disk_make_copy, disk_make_overlay };
	struct fixture *f = *state;
	u64 hash, other;

	for (unsigned n = 0; n < ARRAY_SIZE(layers); n++) {
		u8 data[DISK_SECTOR] = { 1, 1, 1, 1 };
		struct iovec iov = { data, sizeof(data) };
		struct disk disk;
		char path[80];

		snprintf(path, sizeof(path), "%s/small", f->dir);
		make_file(path, "abc", 3);
		assert_int_equal(disk_open(&disk, path, true), 0);
		assert_int_equal(disk_hash(&disk, n ? &other : &hash), 0);
		assert_true(!n || hash == other);
		assert_int_equal(layers[n] ? layers[n](&disk) : 0, 0);
		assert_int_equal(disk.sectors, 1);
		assert_int_equal(disk_read(&disk, 0, &iov, 1), 0);
		assert_memory_equal(data, "abc", 4);
		disk_close(&disk);
		assert_int_equal(unlink(path), 0);
	}
}

static void test_zero(void **state)
{
	struct fixture *f = *state;

	for (unsigned kind = 0; kind < 4; kind++) {
		u64 offset = (1 + 9 * kind) * DISK_SECTOR, size = 8 * DISK_SECTOR;

		host.no_fallocate = kind & 2;
		host.interrupts = 3;
		assert_int_equal(disk_zero(&f->disk, offset, size, kind & 1), 0);
		memset(f->content + offset, 0, size);
		disk_check_file(f);
	}
	assert_int_equal(disk_zero(&f->disk, 0, 0, true), 0);
	disk_check_file(f);
	host.interrupts = 0;
	host.fail_at = host.calls + 1;
	host.error = EIO;
	assert_int_equal(disk_zero(&f->disk, 0, 512, true), -EIO);
	assert_string_equal(f->operation, "discard");
}

static void test_discard_gives_space_back(void **state)
{
	struct fixture *f = *state;
	struct stat before, after;

	assert_int_equal(disk_flush(&f->disk), 0);
	assert_int_equal(stat(f->path, &before), 0);
	assert_int_equal(disk_zero(&f->disk, 0, SECTORS * DISK_SECTOR, true), 0);
	assert_int_equal(stat(f->path, &after), 0);
	assert_true(after.st_blocks < before.st_blocks);
	assert_int_equal(after.st_size, before.st_size);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
const struct CMUnitTest unit_tests[] = {
	TEST(test_open_rounds_up_to_sectors),
	TEST(test_open_errors),
	TEST(test_open_file_without_write_permission),
	TEST(test_one_writer_or_many_readers),
	TEST(test_read_and_write),
	TEST(test_short_and_interrupted_calls_go_on),
	TEST(test_every_call_failing),
	TEST(test_counts),
	TEST(test_flush_failing),
	TEST(test_lasting_is_told),
	TEST(test_file_cut_while_in_use),
	TEST(test_last_sector_in_part),
	TEST(test_less_than_a_sector),
	TEST(test_zero),
	TEST(test_discard_gives_space_back),
	{ 0 },
};
