/* SPDX-License-Identifier: MIT */
/*
 * A qcow2 image whose writer is cut: after each write to the file (the process ended), and with any
 * of what was written since the last sync of the file missing (the power failed). qemu-img may find
 * that clusters are lost and nothing else, and what a guest's flush has said to be on the medium
 * is there.
 */
#include "image_cuts.h"
#include "tests/part.h"

#include <stdlib.h>
#include <string.h>

#define SIZE (1 * MiB)
#define SECTORS (SIZE / DISK_SECTOR)
#define STEPS 50 /* of a guest */
#define CHECKS 50 /* of qemu-img, of each image and kind of cut */

/* A step of the guest: `begin` is the number of writes before it. */
struct step {
	unsigned begin;
	u64 sector, count;
	u8 *flushed; /* the disk, where the step was a flush; `begin` is then its end */
};

static struct step steps[STEPS + 1];
static unsigned step_count;
static u8 model[SIZE], seen[SIZE];

static int setup(void **state)
{
	place_make(3);
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

	*step = (struct step){ .begin = cuts_count(), .sector = sector, .count = count };
	if (kind == 0) {
		assert_int_equal(disk_flush(disk), 0);
		step->begin = cuts_count();
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

	assert_int_equal(open_image(&disk, "i", false), 0);
	assert_int_equal(disk_read(&disk, 0, &iov, 1), 0);
	cuts_begin();
	steps[0] = (struct step){ .flushed = malloc(SIZE) };
	memcpy(steps[0].flushed, model, SIZE);
	for (step_count = 1; step_count < STEPS;)
		take_step(&disk);
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

/* Checks the data that the last flush before the cut promised and that was not written since. */
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
	/* The refcount table is full at 2 MiB of the file, and refcount blocks at 32 KiB each. */
	("create -f qcow2 -o cluster_size=512,refcount_bits=64 i 1M && "
	 "qemu-io -c 'write -P 7 0 1M' i && qemu-img snapshot -c one i"),
};

static void test_cuts(void **state)
{
	for (unsigned n = 0; n < ARRAY_SIZE(kinds); n++) {
		assert_int_equal(sh("rm -f i; qemu-img %s", kinds[n]), 0);
		run_guest();
		cuts_of_process(part_of(CHECKS), cut_look);
		cuts_of_power(part_of(CHECKS), cut_look);
		forget_guest();
	}
}

int main(void)
{
	struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_cuts, setup, place_remove),
	};

	place_skip(tests, ARRAY_SIZE(tests));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
