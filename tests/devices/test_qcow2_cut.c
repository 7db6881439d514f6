/* SPDX-License-Identifier: MIT */
/*
 * A qcow2 image whose writer is cut: after each write to the file (the process ended), and with any
 * of what was written since the last sync of the file missing (the power failed). qemu-img may find
 * that clusters are lost and nothing else, and what a guest's flush has said to be on the medium
 * is there.
 */
#include "image_place.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define SIZE (1 * MiB)
#define SECTORS (SIZE / DISK_SECTOR)
#define FILE_MAX (8 * MiB)
#define WRITES_MAX 20000
#define STEPS 50 /* of a guest */
#define CHECKS 50 /* of qemu-img, of each image and kind of cut */

/* What was done to the file. */
struct write {
	enum { WRITE, HOLE, SYNC } kind;
	u64 offset, size;
	u8 *data;
};

/* What the guest has done: `begin` is how many writes there were before. */
struct step {
	unsigned begin;
	u64 sector, count;
	u8 *flushed; /* the disk, where the step was a flush; `begin` is then its end */
};

static struct write writes[WRITES_MAX];
static struct step steps[STEPS + 1];
static unsigned write_count, step_count;
static bool recording;
static u8 first[FILE_MAX], model[SIZE], seen[SIZE];
static u64 first_size, seed;

ssize_t __real_pwrite(int fd, const void *data, size_t size, off_t offset);
ssize_t __real_pwritev(int fd, const struct iovec *iov, int count, off_t offset);
int __real_fallocate(int fd, int mode, off_t offset, off_t size);
ssize_t __wrap_pwrite(int fd, const void *data, size_t size, off_t offset);
ssize_t __wrap_pwritev(int fd, const struct iovec *iov, int count, off_t offset);
int __wrap_fallocate(int fd, int mode, off_t offset, off_t size);
int __wrap_fdatasync(int fd);

static u32 below(u64 limit)
{
	seed = seed * 6364136223846793005ull + 1442695040888963407ull;
	return (u32)((seed >> 33) % limit);
}

static u8 *record(int kind, u64 offset, u64 size)
{
	struct write *write = &writes[write_count];

	if (!recording)
		return NULL;
	assert_true(++write_count < WRITES_MAX);
	*write = (struct write){ kind, offset, size, kind == WRITE ? malloc(size) : NULL };
	return write->data;
}

ssize_t __wrap_pwrite(int fd, const void *data, size_t size, off_t offset)
{
	u8 *copy = record(WRITE, (u64)offset, size);

	if (copy)
		memcpy(copy, data, size);
	return __real_pwrite(fd, data, size, offset);
}

ssize_t __wrap_pwritev(int fd, const struct iovec *iov, int count, off_t offset)
{
	u64 size = 0;
	u8 *copy;

	for (int n = 0; n < count; n++)
		size += iov[n].iov_len;
	copy = record(WRITE, (u64)offset, size);
	for (int n = 0; copy && n < count; n++) {
		memcpy(copy, iov[n].iov_base, iov[n].iov_len);
		copy += iov[n].iov_len;
	}
	return __real_pwritev(fd, iov, count, offset);
}

int __wrap_fallocate(int fd, int mode, off_t offset, off_t size)
{
	record(HOLE, (u64)offset, (u64)size);
	return __real_fallocate(fd, mode, offset, size);
}

int __wrap_fdatasync(int fd)
{
	(void)fd;
	record(SYNC, 0, 0);
	return 0;
}

static int setup(void **state)
{
	(void)state;
	place_make();
	seed = 3;
	for (u64 n = 0; n < SIZE; n++)
		model[n] = (u8)(n >> 17 & 1 ? below(256) : 0);
	put_file("base.raw", model, SIZE);
	return 0;
}

/* --- the guest --- */

static void take_step(struct disk *disk)
{
	u64 count = 1 + below(below(4) ? 24 : 200), sector = below(SECTORS - count + 1);
	u8 *at = model + sector * DISK_SECTOR;
	struct iovec iov = { seen, count * DISK_SECTOR };
	struct step *step = &steps[step_count++];
	unsigned kind = below(8);

	*step = (struct step){ .begin = write_count, .sector = sector, .count = count };
	if (kind == 0) {
		assert_int_equal(disk_flush(disk), 0);
		step->begin = write_count;
		step->count = 0;
		step->flushed = malloc(SIZE);
		memcpy(step->flushed, model, SIZE);
	} else if (kind < 3) {
		memset(at, 0, count * DISK_SECTOR);
		assert_int_equal(disk_zero(disk, sector * DISK_SECTOR, count * DISK_SECTOR, true),
				 0);
	} else {
		for (u64 n = 0; n < count * DISK_SECTOR; n++)
			at[n] = (u8)below(256);
		memcpy(seen, at, count * DISK_SECTOR);
		assert_int_equal(disk_write(disk, sector * DISK_SECTOR, &iov, 1), 0);
	}
}

/* All that the guest does, from the image as it is. */
static void run_guest(void)
{
	struct disk disk;
	struct iovec iov = { model, SIZE };

	first_size = get_file("i", first, sizeof(first));
	assert_true(first_size < sizeof(first));
	assert_int_equal(open_image(&disk, "i", false), 0);
	assert_int_equal(disk_read(&disk, 0, &iov, 1), 0);
	recording = true;
	steps[0] = (struct step){ .flushed = malloc(SIZE) };
	memcpy(steps[0].flushed, model, SIZE);
	for (step_count = 1; step_count < STEPS;)
		take_step(&disk);
	disk_close(&disk);
	recording = false;
}

static void forget_guest(void)
{
	while (write_count)
		free(writes[--write_count].data);
	while (step_count)
		free(steps[--step_count].flushed);
}

/* --- the file after a cut --- */

static void do_again(int fd, const struct write *write)
{
	if (write->kind == WRITE)
		assert_int_equal(__real_pwrite(fd, write->data, write->size, (off_t)write->offset),
				 write->size);
	if (write->kind == HOLE)
		__real_fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
				 (off_t)write->offset, (off_t)write->size);
}

/* Leaks (3) are no damage. */
static void check_tables(unsigned cut)
{
	int code = sh("qemu-img check -f qcow2 cut");

	if (WEXITSTATUS(code) != 0 && WEXITSTATUS(code) != 3) {
		get_file("log", seen, sizeof(seen) - 1);
		fail_msg("cut at %u of %u: %.1500s", cut, write_count, (char *)seen);
	}
}

/* What the last flush before the cut has promised and nothing was done to since. */
static void check_content(unsigned cut)
{
	static bool touched[SECTORS];
	struct iovec iov = { seen, SIZE };
	const u8 *flushed = NULL;
	struct disk disk;

	for (unsigned n = 0; n < step_count && steps[n].begin <= cut; n++) {
		if (steps[n].flushed) {
			flushed = steps[n].flushed;
			memset(touched, false, sizeof(touched));
		}
		memset(touched + steps[n].sector, true, steps[n].count);
	}
	assert_int_equal(open_image(&disk, "cut", true), 0);
	assert_int_equal(disk_read(&disk, 0, &iov, 1), 0);
	disk_close(&disk);
	for (u64 n = 0; n < SECTORS; n++)
		if (!touched[n] && memcmp(seen + n * DISK_SECTOR, flushed + n * DISK_SECTOR,
					  DISK_SECTOR))
			fail_msg("cut at %u of %u: sector %llu was flushed", cut, write_count,
				 (unsigned long long)n);
}

static int begin_cut(void)
{
	put_file("cut", first, first_size);
	return open(at("cut"), O_RDWR | O_CLOEXEC);
}

/* A write of the header's fields. */
static bool is_header(const struct write *write)
{
	return write->kind == WRITE && write->offset < 512;
}

/* The process ends: the host has all up to there. */
static void cut_process(void)
{
	unsigned every = 1 + write_count / CHECKS;
	int fd = begin_cut();

	for (unsigned n = 0; n < write_count; n++) {
		do_again(fd, &writes[n]);
		if (n % every && !is_header(&writes[n]))
			continue;
		check_tables(n + 1);
		check_content(n + 1);
	}
	close(fd);
}

/* The power fails: of what no sync stands behind, anything can be missing. */
static void cut_power(void)
{
	unsigned header = write_count;

	while (header && !is_header(&writes[header - 1]))
		header--;
	for (unsigned n = 0; n < CHECKS; n++) {
		unsigned cut = header && n % 2 ? header + below(20) : below(write_count + 1);
		unsigned synced = cut = MIN(cut, write_count), odds = 1 + below(4);
		int fd = begin_cut();

		while (synced && writes[synced - 1].kind != SYNC)
			synced--;
		for (unsigned k = 0; k < cut; k++)
			if (k < synced || !below(odds))
				do_again(fd, &writes[k]);
		close(fd);
		check_tables(cut);
		check_content(cut);
	}
}

static const char *const kinds[] = {
	"create -f qcow2 -o cluster_size=4K i 1M",
	"create -f qcow2 -F raw -b base.raw -o cluster_size=64K i",
	"convert -O qcow2 -c -o cluster_size=4K base.raw i && qemu-img snapshot -c one i",
	"convert -O qcow2 -o cluster_size=8K,compat=0.10 base.raw i",
	/* The refcount table is full at 2 MiB of the file, and refcount blocks at 32 KiB each. */
	("create -f qcow2 -o cluster_size=512,refcount_bits=64 i 1M && "
	 "qemu-io -c 'write -P 7 0 1M' i && qemu-img snapshot -c one i"),
};

static void test_cuts(void **state)
{
	(void)state;
	for (unsigned n = 0; n < ARRAY_SIZE(kinds); n++) {
		assert_int_equal(sh("rm -f i; qemu-img %s", kinds[n]), 0);
		run_guest();
		cut_process();
		cut_power();
		forget_guest();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_cuts, setup, place_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
