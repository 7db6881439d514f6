/* SPDX-License-Identifier: MIT */
/*
 * Tests qcow2 images whose writer is interrupted while it makes, applies and deletes snapshots:
 * qemu-img finds no damage other than leaked clusters, the list of snapshots is the old or the new
 * one, and the disk and each snapshot in that list have the contents that they had then.
 */
#include "devices/block/disk_snapshot.h"
#include "image_cuts.h"
#include "tests/part.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIZE (1 * MiB)
#define SECTORS (SIZE / DISK_SECTOR)
#define STEPS 60
#define LISTED 3
#define STATE (40 * KiB)
#define CHECKS 60 /* the number of checks by qemu-img for each image and kind of cut */

struct listed {
	unsigned id; /* 0: none */
	u8 content[SIZE];
};

/* The contents of the disk and of its snapshots. */
struct image {
	u8 content[SIZE];
	struct listed snapshots[LISTED];
};

/* The writes [begin, end) of the file belong to this step. */
struct step {
	unsigned begin, end;
	struct image *after; /* the image after the step; NULL: it only writes some sectors */
	u64 sector, count;
};

static struct step steps[STEPS + 1];
static unsigned step_count, made;
static struct image now;
static u8 seen[SIZE];
static char why[QCOW2_WHY];

static int setup(void **state)
{
	place_make(5);
	for (u64 n = 0; n < SIZE; n++)
		seen[n] = (u8)(n >> 17 & 1 ? below(256) : 0);
	put_file("base.raw", seen, SIZE);
	return 0;
}

/* --- the steps of the machine --- */

static void touch(struct disk *disk, struct step *step)
{
	u64 count = 1 + below(below(4) ? 24 : 200), sector = below(SECTORS - count + 1);
	u64 offset = sector * DISK_SECTOR, size = count * DISK_SECTOR;
	struct iovec iov = { seen, size };

	step->sector = sector;
	step->count = count;
	for (u64 n = 0; n < size; n++)
		now.content[offset + n] = (u8)below(256);
	memcpy(seen, now.content + offset, size);
	assert_int_equal(disk_write(disk, offset, &iov, 1), 0);
}

static void cuts_make(struct disk *disk, struct listed *one)
{
	struct disk_set set = { .disks = &disk, .count = 1 };
	struct disk_snapshot snapshot = { .state_size = below(2) ? STATE : 0 };
	u64 size;

	one->id = ++made;
	memcpy(one->content, now.content, SIZE);
	snprintf(snapshot.name, sizeof(snapshot.name), "%u", made);
	if (snapshot.state_size) {
		memset(seen, (int)made, STATE);
		assert_int_equal(disk_state_begin(disk, why), 0);
		assert_int_equal(disk_state_put(disk, seen, STATE), 0);
		assert_int_equal(disk_state_end(disk, &size), 0);
	}
	assert_int_equal(disk_set_create(&set, &snapshot, disk, why), 0);
}

static void change_snapshots(struct disk *disk)
{
	struct listed *one = &now.snapshots[below(LISTED)];
	struct disk_set set = { .disks = &disk, .count = 1 };
	char name[16];

	snprintf(name, sizeof(name), "%u", one->id);
	if (!one->id) {
		cuts_make(disk, one);
	} else if (below(2)) {
		assert_int_equal(disk_set_apply(&set, name, why), 0);
		memcpy(now.content, one->content, SIZE);
	} else {
		assert_int_equal(disk_set_delete(&set, name, why), 0);
		one->id = 0;
	}
}

static void keep(struct step *step)
{
	step->after = malloc(sizeof(now));
	assert_non_null(step->after);
	*step->after = now;
}

static void run_machine(void)
{
	struct iovec iov = { now.content, SIZE };
	struct disk disk;

	memset(now.snapshots, 0, sizeof(now.snapshots));
	assert_int_equal(open_image(&disk, "i", false), 0);
	assert_int_equal(disk_read(&disk, 0, &iov, 1), 0);
	cuts_begin();
	steps[0] = (struct step){ 0 };
	keep(&steps[0]);
	for (step_count = 1; step_count < STEPS; step_count++) {
		struct step *step = &steps[step_count];

		*step = (struct step){ .begin = cuts_count() };
		if (below(3)) {
			touch(&disk, step);
		} else {
			change_snapshots(&disk);
			keep(step);
		}
		step->end = cuts_count();
	}
	disk_close(&disk);
	cuts_end();
}

/* --- the file after a cut --- */

static bool has_snapshots(struct disk *disk, const struct image *image)
{
	struct disk_snapshot *list, found;
	unsigned count, there = 0;
	char name[16];

	assert_int_equal(disk_snapshots(disk, &list, &count, why), 0);
	free(list);
	for (unsigned n = 0; n < LISTED; n++) {
		if (!image->snapshots[n].id)
			continue;
		snprintf(name, sizeof(name), "%u", image->snapshots[n].id);
		if (!disk_snapshot_find(disk, name, &found))
			return false;
		there++;
	}
	return count == there;
}

/*
 * Returns whether the disk has these contents, except in sectors that steps from `from` on may have
 * written.
 */
static bool has_content(struct disk *disk, const struct image *image, unsigned from, unsigned cut)
{
	static bool touched[SECTORS];
	struct iovec iov = { seen, SIZE };

	memset(touched, false, sizeof(touched));
	for (unsigned n = from; n < step_count && steps[n].begin <= cut; n++)
		memset(touched + steps[n].sector, true, steps[n].count);
	assert_int_equal(disk_read(disk, 0, &iov, 1), 0);
	for (u64 n = 0; n < SECTORS; n++)
		if (!touched[n] &&
		    memcmp(seen + n * DISK_SECTOR, image->content + n * DISK_SECTOR, DISK_SECTOR))
			return false;
	return true;
}

/* Checks the snapshots' contents by applying them in a copy of the file. */
static void check_snapshots(struct disk *disk, const struct image *image, unsigned cut)
{
	struct disk_set set = { .disks = &disk, .count = 1 };
	char name[16];

	for (unsigned n = 0; n < LISTED; n++) {
		struct iovec iov = { seen, SIZE };

		if (!image->snapshots[n].id)
			continue;
		snprintf(name, sizeof(name), "%u", image->snapshots[n].id);
		if (disk_set_apply(&set, name, why))
			fail_msg("cut at %u: snapshot %s: %s", cut, name, why);
		assert_int_equal(disk_read(disk, 0, &iov, 1), 0);
		if (memcmp(seen, image->snapshots[n].content, SIZE))
			fail_msg("cut at %u: snapshot %s is another", cut, name);
	}
}

static void cuts_test_look(unsigned cut)
{
	const struct image *image = NULL;
	struct disk disk;
	unsigned last = 0;

	cuts_check_tables(cut);
	copy_file("cut", "copy");
	for (unsigned n = 0; n < step_count && steps[n].end <= cut; n++)
		if (steps[n].after)
			last = n;
	assert_int_equal(open_image(&disk, "copy", false), 0);
	if (has_snapshots(&disk, steps[last].after) &&
	    has_content(&disk, steps[last].after, last + 1, cut))
		image = steps[last].after;
	/* A step that was cut may be complete nevertheless. */
	for (unsigned n = last + 1; !image && n < step_count && steps[n].begin < cut; n++)
		if (steps[n].after && has_snapshots(&disk, steps[n].after) &&
		    has_content(&disk, steps[n].after, n, cut))
			image = steps[n].after;
	if (!image)
		fail_msg("cut at %u of %u: neither as before nor as after", cut, cuts_count());
	check_snapshots(&disk, image, cut);
	disk_close(&disk);
}

static const char *const kinds[] = {
	"create -f qcow2 -o cluster_size=4K i 1M",
	"create -f qcow2 -F raw -b base.raw -o cluster_size=64K i",
	"convert -O qcow2 -c -o cluster_size=4K base.raw i",
	"convert -O qcow2 -o cluster_size=8K,compat=0.10 base.raw i",
	"create -f qcow2 -o cluster_size=512,refcount_bits=64 i 1M",
};

static void test_cuts(void **state)
{
	for (unsigned n = 0; n < ARRAY_SIZE(kinds); n++) {
		assert_int_equal(sh("rm -f i; qemu-img %s", kinds[n]), 0);
		run_machine();
		cuts_of_process(part_of(CHECKS), cuts_test_look);
		cuts_of_power(part_of(2 * CHECKS), cuts_test_look);
		cuts_forget();
		while (step_count)
			free(steps[--step_count].after);
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
