/* SPDX-License-Identifier: MIT */
/*
 * Tests qcow2 images while calls of the host fail: each write in turn, once; each write of the
 * header and the next one; all that make the file longer than some size, as on a full disk; each
 * fdatasync. After a failed write the step that failed is repeated, and must succeed. After a
 * failed fdatasync no flush may succeed. qemu-img may find leaked clusters, but no other damage,
 * and the disk, its snapshots and its backing file have the right contents.
 */
#include "devices/block/disk_commit.h"
#include "devices/block/disk_snapshot.h"
#include "image_place.h"
#include "tests/part.h"
#include "wrapped_calls.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define SIZE (4 * MiB) /* the most that a disk has */
#define SECTORS (SIZE / DISK_SECTOR)
#define STATE (20 * KiB)
#define CHECKS 120 /* the number of checks by qemu-img for each image and kind of error */

/* A step of the machine. SAVE and the next two are given the number of the snapshot, from 0. */
struct step {
	enum { WRITE, ZERO, FLUSH, SAVE, SAVE_DISK, APPLY, DELETE, GROW, COMMIT } kind;
	u64 offset, size; /* in KiB */
};

#define SNAPSHOTS 2

struct kind {
	const char *make; /* makes the image "i" */
	const char *below; /* the format of its backing file "b"; NULL: it has none */
	const struct step *steps;
	unsigned count;
};

/* The errors of a run of the steps. */
struct trial {
	const struct kind *kind;
	const char *name;
	unsigned bad_write, bad_sync; /* the numbers, from 1, of the calls that fail; 0: none */
	unsigned bad_header; /* the number, from 1, of the first of two that fail; 0: none */
	u64 limit; /* of the length of files, until a step has failed three times; 0: none */
};

/*
 * The calls so far that write, that sync, and that write the locations of tables to the header; and
 * those that fail. The first failing one of the last kind changes the file nevertheless.
 */
static struct {
	unsigned writes, syncs, headers, bad_write, bad_sync, bad_header, bad_headers;
} host;

static u8 model[SIZE], flushed[SIZE], snapshots[SNAPSHOTS][SIZE], seen[SIZE];
static bool touched[SECTORS]; /* since `flushed` */
static char why[QCOW2_WHY];

static bool fails(unsigned *calls, unsigned bad)
{
	errno = EIO;
	return ++*calls == bad;
}

#define HEADER_TABLES 36 /* the offset of l1_size, the first location of a table in the header */

static bool header_fails(const void *data, size_t size, int fd)
{
	unsigned n = ++host.headers - host.bad_header;

	if (!host.bad_header || n >= host.bad_headers)
		return false;
	if (!n)
		__real_pwrite(fd, data, size, HEADER_TABLES);
	errno = EIO;
	return true;
}

ssize_t __wrap_pwrite(int fd, const void *data, size_t size, off_t offset)
{
	if (offset == HEADER_TABLES && header_fails(data, size, fd))
		return -1;
	return fails(&host.writes, host.bad_write) ? -1 : __real_pwrite(fd, data, size, offset);
}

ssize_t __wrap_pwritev(int fd, const struct iovec *iov, int count, off_t offset)
{
	return fails(&host.writes, host.bad_write) ? -1 : __real_pwritev(fd, iov, count, offset);
}

int __wrap_fallocate(int fd, int mode, off_t offset, off_t size)
{
	return fails(&host.writes, host.bad_write) ? -1 : __real_fallocate(fd, mode, offset, size);
}

int __wrap_fdatasync(int fd)
{
	return fails(&host.syncs, host.bad_sync) ? -1 : 0;
}

static int setup(void **state)
{
	place_make(7);
	put_base(seen, MiB);
	return 0;
}

/* --- the steps of the machine --- */

static int errors_write(struct disk *disk, const struct step *step)
{
	u64 offset = step->offset * KiB, size = step->size * KiB;
	struct iovec iov = { seen, size };

	memset(touched + offset / DISK_SECTOR, true, size / DISK_SECTOR);
	if (step->kind == ZERO) {
		memset(model + offset, 0, size);
		return disk_zero(disk, offset, size, true);
	}
	for (u64 n = 0; n < size; n++)
		seen[n] = (u8)(step->offset + n / 512 * 7);
	memcpy(model + offset, seen, size);
	return disk_write(disk, offset, &iov, 1);
}

static int errors_save(struct disk *disk, const struct step *step)
{
	struct disk_set set = { .disks = &disk, .count = 1 };
	struct disk_snapshot snapshot = { .state_size = step->kind == SAVE ? STATE : 0 };
	u64 size;
	int error = 0;

	snprintf(snapshot.name, sizeof(snapshot.name), "%llu", step->offset);
	if (step->kind == SAVE) {
		memset(seen, 1, STATE);
		error = disk_state_begin(disk, why);
		if (!error)
			error = disk_state_put(disk, seen, STATE);
		if (!error)
			error = disk_state_end(disk, &size);
		if (error)
			disk_state_abandon(disk);
	}
	return error ? error : disk_set_create(&set, &snapshot, disk, why);
}

static int change_snapshots(struct disk *disk, const struct step *step)
{
	struct disk_set set = { .disks = &disk, .count = 1 };
	char name[16];
	int error;

	snprintf(name, sizeof(name), "%llu", step->offset);
	if (step->kind == DELETE)
		return disk_set_delete(&set, name, why);
	if (step->kind != APPLY) {
		error = errors_save(disk, step);
		if (!error)
			memcpy(snapshots[step->offset], model, SIZE);
		return error;
	}
	error = disk_set_apply(&set, name, why);
	if (!error)
		memcpy(model, snapshots[step->offset], SIZE);
	return error;
}

static int take_step(struct disk *disk, const struct step *step)
{
	int error;

	switch (step->kind) {
	case WRITE:
	case ZERO:
		return errors_write(disk, step);
	case FLUSH:
		error = disk_flush(disk);
		break;
	case GROW:
		error = disk_grow(disk, step->size * KiB, why);
		break;
	case COMMIT:
		error = disk_commit(disk, at("i"), why);
		break;
	default:
		error = change_snapshots(disk, step);
	}
	if (!error) {
		memcpy(flushed, model, SIZE);
		memset(touched, false, sizeof(touched));
	}
	return error;
}

/* --- the checks --- */

static u64 length_of(const char *name)
{
	struct stat st;

	assert_int_equal(stat(at(name), &st), 0);
	return (u64)st.st_size;
}

static void check_tables(const char *name, const char *when)
{
	static char text[2000];
	int code = run_tool("qemu-img check -f qcow2 %s", name);

	/* Leaks are code 3. */
	if (WEXITSTATUS(code) == 0 || WEXITSTATUS(code) == 3)
		return;
	text[get_file("log", text, sizeof(text) - 1)] = 0;
	fail_msg("%s: %s", when, text);
}

/* Checks the contents, of which those of sectors that are `loose` do not matter. */
static void check_content(struct disk *disk, const u8 *right, const bool *loose, const char *when)
{
	struct iovec iov = { seen, disk->sectors * DISK_SECTOR };

	assert_int_equal(disk_read(disk, 0, &iov, 1), 0);
	for (u64 n = 0; n < disk->sectors; n++)
		if (!(loose && loose[n]) &&
		    memcmp(seen + n * DISK_SECTOR, right + n * DISK_SECTOR, DISK_SECTOR))
			fail_msg("%s: sector %llu is wrong", when, n);
}

static void check_file(const char *name, const char *format, const u8 *right, const bool *loose,
		       const char *when)
{
	struct disk disk;

	if (!strcmp(format, "raw")) {
		assert_int_equal(disk_open(&disk, at(name), true), 0);
	} else {
		check_tables(name, when);
		assert_int_equal(open_image(&disk, name, true), 0);
	}
	check_content(&disk, right, loose, when);
	disk_close(&disk);
}

/* --- the errors --- */

/* Makes the image, and the copies of its files with which each trial begins. */
static void make_files(const struct kind *kind)
{
	assert_int_equal(sh("rm -f i b; %s", kind->make), 0);
	copy_file("i", "first");
	if (kind->below)
		copy_file("b", "first_b");
}

static void trial_begin(const struct trial *trial, struct disk *disk)
{
	struct iovec iov = { model, SIZE };

	copy_file("first", "i");
	if (trial->kind->below)
		copy_file("first_b", "b");
	memset(model, 0, SIZE);
	memset(touched, false, sizeof(touched));
	memset(&host, 0, sizeof(host));
	assert_int_equal(open_image(disk, "i", false), 0);
	iov.iov_len = disk->sectors * DISK_SECTOR;
	assert_int_equal(disk_read(disk, 0, &iov, 1), 0);
	memcpy(flushed, model, SIZE);
	host.bad_write = trial->bad_write;
	host.bad_sync = trial->bad_sync;
	host.bad_header = trial->bad_header;
	host.bad_headers = 2;
	if (trial->limit)
		place_limit(trial->limit);
}

/* Makes an image without a backing file and opens it, for a test with steps of its own. */
static void begin_alone(const char *make, struct disk *disk)
{
	const struct kind kind = { .make = make };

	make_files(&kind);
	trial_begin(&(struct trial){ .kind = &kind }, disk);
}

/* Runs the steps. One that fails is repeated, if need be when the host has no limit any more. */
static void run_steps(const struct trial *trial)
{
	const struct kind *kind = trial->kind;
	struct disk disk;

	trial_begin(trial, &disk);
	for (unsigned n = 0; n < kind->count; n++) {
		int error = take_step(&disk, &kind->steps[n]);

		for (unsigned tries = 0; error && trial->limit && tries < 2; tries++)
			error = take_step(&disk, &kind->steps[n]);
		if (!error)
			continue;
		place_limit(0);
		error = take_step(&disk, &kind->steps[n]);
		if (error)
			fail_msg("%s: step %u: %s; %s", trial->name, n, strerror(-error), why);
	}
	place_limit(0);
	check_content(&disk, model, NULL, trial->name);
	disk_close(&disk);
	check_file("i", "qcow2", model, NULL, trial->name);
	if (kind->below)
		check_file("b", kind->below, model, NULL, trial->name);
}

/* Returns whether the step would write beyond the end of the disk, which could not be enlarged. */
static bool is_beyond(const struct disk *disk, const struct step *step)
{
	return step->kind <= ZERO &&
	       (step->offset + step->size) * KiB > disk->sectors * DISK_SECTOR;
}

/*
 * Returns whether the step flushes the file of which a flush failed. That is the backing file
 * unless the disk says that it is its own; only a commit flushes that one.
 */
static bool flushes_lost(const struct disk *disk, const struct step *step)
{
	return disk_is_broken(disk) ? step->kind > ZERO : step->kind == COMMIT;
}

/* Runs the steps up to the one that fails, and the rest, which cannot flush what is lost. */
static void run_unsynced(const struct trial *trial)
{
	const struct kind *kind = trial->kind;
	struct disk disk;

	trial_begin(trial, &disk);
	for (unsigned n = 0; n < kind->count; n++) {
		bool lost = host.syncs >= trial->bad_sync;
		int error;

		if (is_beyond(&disk, &kind->steps[n]))
			continue;
		error = take_step(&disk, &kind->steps[n]);
		if (lost && !error && flushes_lost(&disk, &kind->steps[n]))
			fail_msg("%s: step %u succeeded", trial->name, n);
		if (!lost && error != (host.syncs < trial->bad_sync ? 0 : -EIO))
			fail_msg("%s: step %u: %s", trial->name, n, strerror(-error));
	}
	assert_int_equal(disk_flush(&disk), disk_is_broken(&disk) ? -EIO : 0);
	check_content(&disk, flushed, touched, trial->name);
	disk_close(&disk);
	check_file("i", "qcow2", flushed, touched, trial->name);
	if (kind->below && !strcmp(kind->below, "qcow2"))
		check_tables("b", trial->name);
}

static void check_kind(const struct kind *kind)
{
	char name[60];
	struct trial trial = { .kind = kind, .name = name };
	unsigned writes, syncs, headers, every;
	u64 begin, end;

	make_files(kind);
	begin = length_of("i");
	snprintf(name, sizeof(name), "without errors");
	run_steps(&trial);
	writes = host.writes;
	syncs = host.syncs;
	headers = host.headers;
	end = length_of("i");
	every = 1 + writes / part_of(CHECKS);
	for (trial.bad_write = 1; trial.bad_write <= writes; trial.bad_write += every) {
		snprintf(name, sizeof(name), "write %u of %u fails", trial.bad_write, writes);
		run_steps(&trial);
	}
	trial.bad_write = 0;
	for (trial.bad_header = 1; trial.bad_header <= headers; trial.bad_header++) {
		snprintf(name, sizeof(name), "header %u of %u fails", trial.bad_header, headers);
		run_steps(&trial);
	}
	trial.bad_header = 0;
	every = 1 + (end - begin) / DISK_SECTOR / part_of(CHECKS);
	for (trial.limit = begin; trial.limit < end; trial.limit += every * DISK_SECTOR) {
		snprintf(name, sizeof(name), "limit of %llu bytes", trial.limit);
		run_steps(&trial);
	}
	trial.limit = 0;
	for (trial.bad_sync = 1; trial.bad_sync <= syncs; trial.bad_sync++) {
		snprintf(name, sizeof(name), "fdatasync %u of %u fails", trial.bad_sync, syncs);
		run_unsynced(&trial);
	}
}

static const struct step machine[] = {
	{ WRITE, 100, 20 }, { WRITE, 5, 1 }, { ZERO, 64, 16 }, { FLUSH, 0, 0 }, { SAVE, 0, 0 },
	{ WRITE, 8, 12 }, { SAVE_DISK, 1, 0 }, { WRITE, 112, 6 }, { ZERO, 8, 9 }, { APPLY, 0, 0 },
	{ WRITE, 2, 8 }, { DELETE, 0, 0 }, { APPLY, 1, 0 }, { DELETE, 1, 0 }, { FLUSH, 0, 0 },
	{ GROW, 0, 3072 }, { WRITE, 2048, 6 }, { WRITE, 3068, 4 }, { FLUSH, 0, 0 },
};

/* The refcounts of 2 MiB of the file are full soon after the beginning. */
static const struct step filling[] = {
	{ WRITE, 2000, 80 }, { ZERO, 0, 20 }, { FLUSH, 0, 0 }, { WRITE, 4, 8 }, { FLUSH, 0, 0 },
};

static const struct step commits[] = {
	{ WRITE, 5, 9 }, { ZERO, 200, 70 }, { COMMIT, 0, 0 }, { WRITE, 600, 30 }, { FLUSH, 0, 0 },
	{ COMMIT, 0, 0 },
};

#define KIND(make, below, steps) { make, below, steps, ARRAY_SIZE(steps) }

static const struct kind kinds[] = {
	KIND("qemu-img create -f qcow2 -o cluster_size=4K i 1M", NULL, machine),
	KIND("qemu-img create -f qcow2 -o cluster_size=512,refcount_bits=4 i 1M", NULL, machine),
	KIND("qemu-img create -f qcow2 -o cluster_size=512,refcount_bits=64 i 2M && "
	     "qemu-io -c 'write -P 7 0 1880K' i",
	     NULL, machine),
	KIND("qemu-img create -f qcow2 -o cluster_size=512,refcount_bits=64 i 4M && "
	     "qemu-io -c 'write -P 7 0 1930K' i",
	     NULL, filling),
	KIND("qemu-img convert -O qcow2 -o cluster_size=8K,compat=0.10 base.raw i", NULL, machine),
	KIND("qemu-img convert -O qcow2 -c -o cluster_size=4K base.raw i", NULL, machine),
	KIND("qemu-img convert -O qcow2 -o cluster_size=512,refcount_bits=64 base.raw b && "
	     "qemu-img create -f qcow2 -F qcow2 -b b -o cluster_size=4K i 2M",
	     "qcow2", commits),
	KIND("cp base.raw b && qemu-img create -f qcow2 -F raw -b b -o cluster_size=64K i", "raw",
	     commits),
};

static void test_errors(void **state)
{
	for (unsigned n = 0; n < ARRAY_SIZE(kinds); n++)
		check_kind(&kinds[n]);
}

/*
 * Reads succeed after a failed fdatasync, also of parts whose L2 tables are not cached: with these
 * clusters there are 128 of the size of 32 KiB, half of which have changes that stay in memory.
 */
static void test_reads_after_lost_flush(void **state)
{
	struct disk disk;

	begin_alone("qemu-img create -f qcow2 -o cluster_size=512 i 4M", &disk);
	for (u64 at = 0; at < SIZE / KiB; at += 32)
		assert_int_equal(take_step(&disk, &(struct step){ WRITE, at, 1 }), 0);
	assert_int_equal(take_step(&disk, &(struct step){ FLUSH, 0, 0 }), 0);
	host.bad_sync = host.syncs + 1;
	for (u64 at = 0; at < SIZE / 2 / KiB; at += 32)
		take_step(&disk, &(struct step){ WRITE, at + 1, 1 });
	assert_int_equal(disk_flush(&disk), -EIO);
	check_content(&disk, flushed, touched, "after a lost flush");
	disk_close(&disk);
	check_file("i", "qcow2", flushed, touched, "after a lost flush");
}

/* A flush succeeds if only the refcount of a cluster that is no longer used cannot be written. */
static void test_leak_is_no_error(void **state)
{
	struct disk disk;

	begin_alone("qemu-img create -f qcow2 i 1M", &disk);
	assert_int_equal(take_step(&disk, &(struct step){ WRITE, 0, 64 }), 0);
	assert_int_equal(disk_flush(&disk), 0);
	assert_int_equal(take_step(&disk, &(struct step){ ZERO, 0, 64 }), 0);
	host.bad_write = host.writes + 2; /* after the L2 table's entry */
	assert_int_equal(disk_flush(&disk), 0);
	assert_in_range(host.writes, host.bad_write, UINT32_MAX);
	disk_close(&disk);
	check_file("i", "qcow2", model, NULL, "after a leak");
	assert_int_equal(WEXITSTATUS(run_tool("qemu-img check -f qcow2 i")), 3);
}

/*
 * If a snapshot failed, and the file may have it nevertheless, nothing is written in place until
 * the file is known not to have it: that would change the snapshot.
 */
static void test_failed_snapshot(void **state)
{
	const struct step write = { WRITE, 0, 64 };
	struct disk disk;

	begin_alone("qemu-img create -f qcow2 i 1M", &disk);
	assert_int_equal(take_step(&disk, &write), 0);
	assert_int_equal(disk_flush(&disk), 0);
	host.bad_header = host.headers + 1;
	host.bad_headers = 3;
	assert_int_equal(take_step(&disk, &(struct step){ SAVE_DISK, 0, 0 }), -EIO);
	sh_must("qemu-img snapshot -l -U i | grep -q ^1");
	assert_int_equal(take_step(&disk, &write), -EIO);
	assert_int_equal(take_step(&disk, &write), 0);
	assert_int_not_equal(sh("qemu-img snapshot -l -U i | grep ."), 0);
	disk_close(&disk);
	check_file("i", "qcow2", model, NULL, "after a failed snapshot");
}

int main(void)
{
	struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_errors, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_reads_after_lost_flush, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_leak_is_no_error, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_failed_snapshot, setup, place_remove),
	};

	place_skip(tests, ARRAY_SIZE(tests));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
