/* SPDX-License-Identifier: MIT */
/*
 * Tests snapshots of qcow2 images that were damaged on purpose: they are refused with a line that
 * says why. There is no crash and no endless loop, and the image's tables are not damaged further.
 */
#include "devices/block/disk_snapshot.h"

#include "image_place.h"
#include "tests/part.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SIZE (1 * MiB)
#define CLUSTER (4 * KiB)
/* the size of the fixed part of an entry, which determines the entry's size */
#define SNAPSHOT_FIXED 40
#define PLACE 0x00fffffffffffe00ull

static u8 data[8 * MiB];
static char why[QCOW2_WHY];

/*
 * Makes an image with the snapshots "one" and "two", between which a part of the disk has changed.
 */
static int setup(void **state)
{
	place_make(21);
	assert_int_equal(sh("qemu-img create -f qcow2 -o cluster_size=4K i 1M && "
			    "qemu-io -c 'write -P 1 0 1M' i && qemu-img snapshot -c one i && "
			    "qemu-io -c 'write -P 2 0 300k' i && qemu-img snapshot -c two i && "
			    "qemu-io -c 'write -P 3 100k 10k' i && cp i whole"),
			 0);
	return 0;
}

static u64 get_number(u64 offset, unsigned size)
{
	int fd = open(at("i"), O_RDONLY);
	u64 big = 0;

	assert_int_equal(pread(fd, &big, size, (off_t)offset), size);
	close(fd);
	return be64toh(big) >> (64 - 8 * size);
}

static void damage_put_number(u64 offset, unsigned size, u64 value)
{
	int fd = open(at("i"), O_RDWR);
	u64 big = htobe64(value << (64 - 8 * size));

	assert_int_equal(pwrite(fd, &big, size, (off_t)offset), size);
	close(fd);
}

/* Changes the field `field` just before the list of snapshots at `list` is read as a whole. */
static struct {
	u64 list, field;
} change;

ssize_t __real_pread(int fd, void *to, size_t size, off_t offset);
ssize_t __wrap_pread(int fd, void *to, size_t size, off_t offset);

ssize_t __wrap_pread(int fd, void *to, size_t size, off_t offset)
{
	if (change.list && (u64)offset == change.list && size > SNAPSHOT_FIXED) {
		change.list = 0;
		damage_put_number(change.field, 2, get_number(change.field, 2) + 8);
	}
	return __real_pread(fd, to, size, offset);
}

/* Values of the header's fields, and of those of the first snapshot, that no valid image has. */
static const struct {
	bool in_table;
	unsigned offset, size;
	u64 value;
} damage[] = {
	{ false, 60, 4, 65537 }, { false, 60, 4, UINT32_MAX },
	{ false, 64, 8, 0 }, { false, 64, 8, 8 }, { false, 64, 8, UINT64_MAX },
	{ false, 64, 8, 1ull << 40 }, { false, 64, 8, UINT64_MAX - CLUSTER + 1 },
	{ true, 0, 8, 0 }, { true, 0, 8, 8 }, { true, 0, 8, UINT64_MAX },
	{ true, 0, 8, 1ull << 63 }, { true, 0, 8, UINT64_MAX - CLUSTER + 1 },
	{ true, 8, 4, UINT32_MAX }, { true, 8, 4, 0x20000000 }, { true, 8, 4, 0x400001 },
	{ true, 36, 4, 1025 }, { true, 36, 4, UINT32_MAX },
};

/* Such an image cannot be opened for writing; opened for reading, it is unaffected. */
static void test_tables_that_cannot_be(void **state)
{
	struct disk disk;

	for (unsigned n = 0; n < ARRAY_SIZE(damage); n++) {
		copy_file("whole", "i");
		damage_put_number(damage[n].offset + (damage[n].in_table ? get_number(64, 8) : 0),
				  damage[n].size, damage[n].value);
		if (open_image(&disk, "i", false) != -EINVAL)
			fail_msg("%u: is taken", n);
		assert_non_null(strstr(image_why(), "its snapshot table is invalid"));
		assert_int_equal(open_image(&disk, "i", true), 0);
		disk_close(&disk);
	}
}

/* Another program changes the list after it was measured and before it is read. */
static void test_list_that_changes(void **state)
{
	/* offsets of the sizes of id, name and extra data */
	static const unsigned sizes[] = { 12, 14, 38 };
	struct disk disk;

	for (unsigned n = 0; n < ARRAY_SIZE(sizes); n++) {
		copy_file("whole", "i");
		change.list = get_number(64, 8);
		change.field = change.list + sizes[n];
		if (open_image(&disk, "i", false) != -EINVAL)
			fail_msg("%u: is taken", n);
		assert_int_equal(change.list, 0);
	}
}

/*
 * A snapshot's L1 table for which the file has room, but which is too large for memory, is refused.
 */
static void test_huge_l1(void **state)
{
	struct disk disk;
	u64 table;

	table = get_number(64, 8);
	assert_int_equal(sh("truncate -s 100M i"), 0);
	damage_put_number(table, 8, 16 * MiB);
	damage_put_number(table + 8, 4, 32 * MiB / 8);
	assert_int_equal(open_image(&disk, "i", false), 0);
	disk_close(&disk);
	damage_put_number(table + 8, 4, 32 * MiB / 8 + 1);
	assert_int_equal(open_image(&disk, "i", false), -EINVAL);
}

/* The list has no room for one more snapshot; a failed attempt must not make the file grow. */
static void test_full_list(void **state)
{
	struct disk *disk = &(struct disk){ 0 };
	struct disk_set set = { .disks = &disk, .count = 1 };
	struct disk_snapshot one = { .name = "more" };
	off_t sizes[2];
	u64 table;

	/* Entries of zeros are empty snapshots; their list ends with the file. */
	table = align_up(get_file("i", data, sizeof(data)), CLUSTER);
	assert_int_equal(sh("truncate -s %llu i", table + 65536 * 40), 0);
	damage_put_number(60, 4, 65536);
	damage_put_number(64, 8, table);
	assert_int_equal(open_image(disk, "i", false), 0);
	for (unsigned n = 0; n < 50; n++) {
		assert_int_equal(disk_set_create(&set, &one, NULL, why), -EFBIG);
		sizes[n > 0] = lseek(disk->fd, 0, SEEK_END);
	}
	assert_non_null(strstr(why, "no room"));
	assert_int_equal(sizes[0], sizes[1]);
	disk_close(disk);
}

/*
 * Names and ids have the greatest possible length: once beyond the file's end, and once within the
 * file.
 */
static void test_long_names(void **state)
{
	struct disk_snapshot *list;
	struct disk disk;
	unsigned count;
	u64 table;

	table = get_number(64, 8);
	assert_int_equal(sh("truncate -s %llu i", table + CLUSTER), 0);
	damage_put_number(60, 4, 1);
	damage_put_number(table + 12, 2, 65535);
	assert_int_equal(open_image(&disk, "i", false), -EINVAL);
	assert_int_equal(sh("truncate -s +1M i"), 0);
	damage_put_number(table + 14, 2, 65535);
	assert_int_equal(open_image(&disk, "i", false), 0);
	assert_int_equal(disk_snapshots(&disk, &list, &count, why), 0);
	assert_int_equal(count, 1);
	assert_true(strlen(list[0].id) < DISK_SNAPSHOT_ID);
	free(list);
	disk_close(&disk);
}

/*
 * A snapshot's L1 table is at the place of another table, to which the guest's data would be
 * written.
 */
static void test_tables_on_tables(void **state)
{
	struct disk disk;
	u64 table, places[5];

	table = get_number(64, 8);
	places[0] = table;
	places[1] = get_number(40, 8);
	places[2] = get_number(48, 8);
	places[3] = get_number(places[2], 8);
	places[4] = get_number(places[1], 8) & PLACE;
	for (unsigned n = 0; n < ARRAY_SIZE(places); n++) {
		copy_file("whole", "i");
		damage_put_number(table, 8, places[n]);
		assert_int_equal(open_image(&disk, "i", false), -EINVAL);
		assert_non_null(strstr(image_why(), "tables overlap"));
	}
}

static int try(struct disk *disk, unsigned what, const char *name)
{
	struct disk_set set = { .disks = &disk, .count = 1 };
	struct disk_snapshot one = { .name = "three" };

	*why = 0;
	return what == 0 ? disk_set_apply(&set, name, why) :
	       what == 1 ? disk_set_delete(&set, name, why) :
			   disk_set_create(&set, &one, NULL, why);
}

/*
 * Checks that each operation with the snapshot "one" of the image "i" is refused, and that the disk
 * does not change.
 */
static void check_refused(unsigned from, unsigned to)
{
	struct disk disk;
	struct iovec iov = { data, 100 * KiB };

	assert_int_equal(open_image(&disk, "i", false), 0);
	for (unsigned what = from; what < to; what++) {
		if (try(&disk, what, "one") != -EINVAL)
			fail_msg("%u is not refused: %s", what, why);
		assert_non_null(strstr(why, "is damaged"));
	}
	assert_int_equal(disk_read(&disk, 0, &iov, 1), 0);
	for (u64 n = 0; n < 100 * KiB; n++)
		assert_int_equal(data[n], 2);
	disk_close(&disk);
}

/* Returns the offset of the second entry in the list of snapshots. */
static u64 second(u64 table)
{
	return table + align_up(40 + get_number(table + 36, 4) + get_number(table + 12, 2) +
					get_number(table + 14, 2),
				8);
}

/* The clusters to which the trees of a snapshot and of the disk refer are damaged. */
static void test_trees(void **state)
{
	u64 table, l1, l2, refs, block, places[6];

	table = get_number(64, 8);
	l1 = get_number(table, 8);
	l2 = get_number(l1, 8) & PLACE;
	refs = get_number(48, 8);
	block = get_number(refs, 8);
	places[0] = 1ull << 40;
	places[1] = l2 + 512;
	places[2] = refs;
	places[3] = block;
	places[4] = table;
	places[5] = get_number(second(table), 8);
	for (unsigned n = 0; n < ARRAY_SIZE(places); n++) {
		copy_file("whole", "i");
		damage_put_number(l1, 8, places[n]);
		check_refused(0, 2);
		copy_file("whole", "i");
		damage_put_number(l2 + 800, 8, places[n]);
		check_refused(0, 2);
		/* The entry refers to a compressed cluster there. */
		copy_file("whole", "i");
		damage_put_number(l2 + 800, 8, places[n] | 1ull << 62);
		if (n != 1)
			check_refused(0, 2);
	}
	/* The refcounts of clusters in use are 0. */
	copy_file("whole", "i");
	damage_put_number(block + (l2 / CLUSTER) * 2, 2, 0);
	check_refused(0, 2);
	copy_file("whole", "i");
	damage_put_number(block + ((get_number(l2, 8) & PLACE) / CLUSTER) * 2, 2, 0);
	check_refused(0, 2);
	/* A cluster is used once more than its refcount says. */
	copy_file("whole", "i");
	damage_put_number(l2, 8, get_number(l2 + 8, 8));
	check_refused(1, 2);
	/* The disk's own cluster at 200K is damaged. */
	copy_file("whole", "i");
	l2 = get_number(get_number(40, 8), 8) & PLACE;
	damage_put_number(block + ((get_number(l2 + 400, 8) & PLACE) / CLUSTER) * 2, 2, 0);
	check_refused(2, 3);
	damage_put_number(l2 + 400, 8, 1ull << 40);
	check_refused(2, 3);
}

/* A snapshot has a cluster as its data that later becomes the active L1 table. */
static void test_table_to_come(void **state)
{
	u64 l1, place;
	struct disk disk;

	assert_int_equal(open_image(&disk, "i", false), 0);
	assert_int_equal(try(&disk, 0, "one"), 0);
	disk_close(&disk);
	l1 = get_number(40, 8);
	copy_file("whole", "i");
	place = get_number(get_number(second(get_number(64, 8)), 8), 8) & PLACE;
	damage_put_number(place + 800, 8, l1);
	assert_int_equal(open_image(&disk, "i", false), 0);
	assert_int_equal(try(&disk, 0, "one"), 0);
	assert_int_equal(get_number(40, 8), l1);
	assert_int_equal(try(&disk, 0, "two"), -EINVAL);
	assert_non_null(strstr(why, "where a table is"));
	disk_close(&disk);
}

/* A snapshot has the L2 table twice. A thousand times would take a thousand times as long. */
static void test_one_table_often(void **state)
{
	u64 table, l1, refs;

	table = get_number(64, 8);
	l1 = get_number(get_number(table, 8), 8) & PLACE;
	assert_int_equal(sh("truncate -s 40M i"), 0);
	damage_put_number(table, 8, 16 * MiB);
	damage_put_number(table + 8, 4, 2);
	refs = 16 * MiB;
	damage_put_number(refs, 8, l1);
	damage_put_number(refs + 8, 8, l1);
	check_refused(0, 2);
}

/* A state is longer than the range that the L1 table covers. */
static void test_state_sizes(void **state)
{
	static const u64 sizes[] = { UINT64_MAX, 1ull << 63, 3 * MiB };
	struct disk_saved *saved;
	struct disk disk;
	u64 table;

	table = get_number(64, 8);
	for (unsigned n = 0; n < ARRAY_SIZE(sizes); n++) {
		damage_put_number(table + 40, 8, sizes[n]);
		assert_int_equal(open_image(&disk, "i", false), 0);
		assert_int_equal(disk_saved_open(&saved, &disk, "one", why), -EINVAL);
		assert_non_null(strstr(why, "the state of its snapshot 'one'"));
		disk_close(&disk);
	}
}

/* --- random damage --- */

static void put_some_state(struct disk *disk)
{
	u64 size;

	if (!disk_state_begin(disk, why) && !disk_state_put(disk, data, 100 * KiB))
		disk_state_end(disk, &size);
}

static void read_some_state(struct disk *disk, const char *name)
{
	struct disk_saved *saved;
	u64 size;

	if (disk_saved_open(&saved, disk, name, why))
		return;
	size = disk_saved_size(saved);
	disk_saved_read(saved, 0, data, MIN(size, sizeof(data)));
	disk_saved_close(saved);
}

static void try_all(void)
{
	struct disk disk;
	struct iovec iov;

	if (open_image(&disk, "i", false))
		return;
	for (unsigned n = 0; n < 12; n++) {
		const char *name = below(2) ? "one" : below(2) ? "two" : "three";
		unsigned what = below(6);

		iov = (struct iovec){ data, (1 + below(100)) * DISK_SECTOR };
		if (what < 3)
			try(&disk, what, name);
		else if (what == 3)
			disk_write(&disk, below(1000) * (u64)DISK_SECTOR, &iov, 1);
		else if (what == 4)
			put_some_state(&disk);
		else
			read_some_state(&disk, name);
	}
	disk_close(&disk);
}

static void test_changed(void **state)
{
	static u8 image[8 * MiB];
	size_t size;

	for (unsigned n = 0; n < part_of(2000); n++) {
		size = get_file("whole", image, sizeof(image));
		for (unsigned k = 0; k < 1 + n % 6; k++) {
			u64 place = n % 3 == 0 ? 36 + below(36) : below(size);

			/*
			 * Tables are small compared with the data, so that metadata is chosen more
			 * often here.
			 */
			if (n % 3 == 2)
				while (image[place] >= 1 && image[place] <= 3)
					place = below(size);
			image[place] = (u8)below(256);
		}
		put_file("i", image, size);
		try_all();
	}
}

int main(void)
{
	struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_tables_that_cannot_be, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_list_that_changes, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_huge_l1, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_full_list, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_long_names, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_tables_on_tables, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_trees, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_table_to_come, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_one_table_often, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_state_sizes, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_changed, setup, place_remove),
	};

	place_skip(tests, ARRAY_SIZE(tests));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
