/* SPDX-License-Identifier: MIT */
/*
 * Tests qcow2 images whose writer is interrupted: after each write to the file (the process has
 * ended), or with any of the writes since the file's last sync missing (the power has failed).
 * qemu-img may find leaked clusters, but no other damage, and everything that was flushed by the
 * guest is there. A disk that was being enlarged has either its old or its new size.
 */
#include "image_cuts.h"
#include "tests/part.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define SIZE (2 * MiB) /* the most that a disk has; it begins with half of that */
#define SECTORS (SIZE / DISK_SECTOR)
#define STEPS 50 /* of a guest */
#define CHECKS 50 /* the number of checks by qemu-img for each image and kind of cut */

/* A step of the guest: `begin` is the number of writes before it. */
struct step {
	unsigned begin;
	u64 sector, count;
	u8 *flushed; /* the disk's contents, if the step is a flush; `begin` is then its end */
	/* the disk's size, for the first step and for steps that enlarge the disk; else 0 */
	u64 sectors;
};

static struct step steps[STEPS + 1];
static unsigned step_count;
static u8 model[SIZE], seen[SIZE];

static int setup(void **state)
{
	place_make(3);
	for (u64 n = 0; n < SIZE / 2; n++)
		model[n] = (u8)(n >> 17 & 1 ? below(256) : 0);
	put_file("base.raw", model, SIZE / 2);
	return 0;
}

/* --- the guest --- */

static void make_larger(struct disk *disk, struct step *step)
{
	u64 more = 1 + below(SECTORS / 6);
	char why[QCOW2_WHY];

	step->count = 0;
	step->sectors = MIN(disk->sectors + more, SECTORS);
	assert_int_equal(disk_grow(disk, step->sectors * DISK_SECTOR, why), 0);
}

static void take_step(struct disk *disk, bool grows)
{
	u64 count = 1 + below(below(4) ? 24 : 200), sector = below(disk->sectors - count + 1);
	u8 *at = model + sector * DISK_SECTOR;
	struct iovec iov = { seen, count * DISK_SECTOR };
	struct step *step = &steps[step_count++];
	unsigned kind = below(grows ? 10 : 8);

	*step = (struct step){ .begin = cuts_count(), .sector = sector, .count = count };
	if (kind == 0) {
		assert_int_equal(disk_flush(disk), 0);
		step->begin = cuts_count();
		step->count = 0;
		step->flushed = malloc(SIZE);
		memcpy(step->flushed, model, SIZE);
	} else if (kind >= 8) {
		make_larger(disk, step);
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

/* Performs all steps of the guest, beginning with the present image. */
static void run_guest(bool grows)
{
	struct disk disk;
	struct iovec iov = { model, SIZE };

	memset(model, 0, SIZE);
	assert_int_equal(open_image(&disk, "i", false), 0);
	iov.iov_len = disk.sectors * DISK_SECTOR;
	assert_int_equal(disk_read(&disk, 0, &iov, 1), 0);
	cuts_begin();
	steps[0] = (struct step){ .flushed = malloc(SIZE), .sectors = disk.sectors };
	memcpy(steps[0].flushed, model, SIZE);
	for (step_count = 1; step_count < (grows ? STEPS / 2 : STEPS);)
		take_step(&disk, grows);
	disk_close(&disk);
	cuts_end();
}

static void forget_guest(void)
{
	cuts_forget();
	while (step_count)
		free(steps[--step_count].flushed);
}

/* --- the file after a cut --- */

/*
 * Checks that the disk has the size after the last step that is complete, or after the step in
 * progress.
 */
static void check_size(u64 sectors, unsigned cut)
{
	u64 before = 0, after = 0;

	for (unsigned n = 0; n < step_count && steps[n].begin <= cut; n++) {
		bool done = n + 1 < step_count ? steps[n + 1].begin <= cut : cut == cuts_count();

		after = steps[n].sectors ? steps[n].sectors : after;
		before = done ? after : before;
	}
	if (sectors != before && sectors != after)
		fail_msg("cut at %u of %u: %llu sectors, not %llu or %llu", cut, cuts_count(),
			 sectors, before, after);
}

/*
 * Checks the data that was put onto the medium by the last flush before the cut and has not been
 * written since.
 */
static void check_content(unsigned cut)
{
	static bool touched[SECTORS];
	struct iovec iov = { .iov_base = seen };
	const u8 *flushed = NULL;
	struct disk disk;
	u64 sectors;

	for (unsigned n = 0; n < step_count && steps[n].begin <= cut; n++) {
		if (steps[n].flushed) {
			flushed = steps[n].flushed;
			memset(touched, false, sizeof(touched));
		}
		memset(touched + steps[n].sector, true, steps[n].count);
	}
	assert_int_equal(open_image(&disk, "cut", true), 0);
	sectors = disk.sectors;
	check_size(sectors, cut);
	iov.iov_len = sectors * DISK_SECTOR;
	assert_int_equal(disk_read(&disk, 0, &iov, 1), 0);
	disk_close(&disk);
	for (u64 n = 0; n < sectors; n++)
		if (!touched[n] &&
		    memcmp(seen + n * DISK_SECTOR, flushed + n * DISK_SECTOR, DISK_SECTOR))
			fail_msg("cut at %u of %u: sector %llu was flushed", cut, cuts_count(), n);
}

static void cut_look(unsigned cut)
{
	cuts_check_tables(cut);
	check_content(cut);
}

static const char *const kinds[] = {
	"create -f qcow2 -o cluster_size=4K i 1M",
	"create -f qcow2 -F raw -b base.raw -o cluster_size=64K i",
	"convert -O qcow2 -c -o cluster_size=4K base.raw i && qemu-img snapshot -c one i",
	"convert -O qcow2 -o cluster_size=8K,compat=0.10 base.raw i",
	/*
	 * The refcount table is sufficient for 2 MiB of the file, and each refcount block for 32
	 * KiB.
	 */
	("create -f qcow2 -o cluster_size=512,refcount_bits=64 i 1M && "
	 "qemu-io -c 'write -P 7 0 1M' i && qemu-img snapshot -c one i"),
};

static void check_kind(const char *kind, bool grows)
{
	assert_int_equal(sh("rm -f i; qemu-img %s", kind), 0);
	run_guest(grows);
	cuts_of_process(grows ? UINT_MAX : part_of(CHECKS), cut_look);
	cuts_of_power(part_of(CHECKS), cut_look);
	forget_guest();
}

static void test_cuts(void **state)
{
	for (unsigned n = 0; n < ARRAY_SIZE(kinds); n++)
		check_kind(kinds[n], false);
}

/* These have no snapshots, with which a disk keeps its size. */
static const char *const growing[] = {
	"create -f qcow2 -F raw -b base.raw -o cluster_size=64K i",
	"convert -O qcow2 -o cluster_size=8K,compat=0.10 base.raw i",
	"create -f qcow2 -o cluster_size=512 i 1M", /* its L1 table is soon too small */
	/* The last cluster has bytes after the disk's end. */
	("create -f qcow2 -o cluster_size=4K i 1M && qemu-io -c 'write -P 7 0 1M' i && "
	 "qemu-img resize -f qcow2 --shrink i 1000448"),
	/* Saving a machine's state after the disk's end was interrupted. */
	("create -f qcow2 -o cluster_size=512 i 1M && "
	 "qemu-io -f qcow2 -c 'write -b -P 7 0 64k' i"),
};

static void test_growth(void **state)
{
	for (unsigned n = 0; n < ARRAY_SIZE(growing); n++)
		check_kind(growing[n], true);
}

int main(void)
{
	struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_cuts, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_growth, setup, place_remove),
	};

	place_skip(tests, ARRAY_SIZE(tests));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
