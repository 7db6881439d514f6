/* SPDX-License-Identifier: MIT */
/*
 * Tests disk_commit() of overlays and of qcow2 images, compared with qemu-img, and refused commits.
 */
#include "devices/block/disk_commit.h"

#include "image_place.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define SIZE (3 * MiB + 5 * DISK_SECTOR)

static u8 model[SIZE], seen[SIZE], kept[SIZE];
static char why[QCOW2_WHY];

static int setup(void **state)
{
	place_make(13);
	put_base(model, SIZE);
	return 0;
}

static void check_disk(struct disk *disk)
{
	struct iovec iov = { seen, SIZE };

	assert_int_equal(disk_read(disk, 0, &iov, 1), 0);
	assert_memory_equal(seen, model, SIZE);
}

/* Writes and zeroes parts of clusters, and many clusters, in the disk and in the model. */
static void change(struct disk *disk, u8 byte)
{
	static const struct {
		u64 offset, size;
		bool zero;
	} parts[] = {
		{ 512, 1024, false }, { 100 * 512, 70000 / 512 * 512, false },
		{ MiB, 300 * KiB, true }, { MiB + 200 * KiB, 512, false },
		{ 2 * MiB, 64 * KiB, false }, { SIZE - 512, 512, false },
	};

	for (unsigned n = 0; n < ARRAY_SIZE(parts); n++) {
		struct iovec iov = { model + parts[n].offset, parts[n].size };

		memset(iov.iov_base, parts[n].zero ? 0 : byte + (int)n, parts[n].size);
		assert_int_equal(parts[n].zero ?
					 disk_zero(disk, parts[n].offset, parts[n].size, true) :
					 disk_write(disk, parts[n].offset, &iov, 1),
				 0);
	}
	check_disk(disk);
}

static void commit(struct disk *disk, const char *name)
{
	assert_true(disk_can_commit(disk));
	if (disk_commit(disk, at(name), why))
		fail_msg("%s: %s", name, why);
	check_disk(disk);
}

static void refuse(struct disk *disk, const char *name, int error, const char *text)
{
	assert_int_equal(disk_commit(disk, at(name), why), error);
	if (!strstr(why, text))
		fail_msg("%s: %s", name, why);
	check_disk(disk);
}

/* Checks that qemu-img reads the model's contents from the image. */
static void check_file(const char *format, const char *name)
{
	if (sh("{ test %s = raw || qemu-img check -f %s %s; } && qemu-img convert -f %s -O raw %s "
	       "out.raw",
	       format, format, name, format, name))
		fail_msg("%s is damaged", name);
	assert_int_equal(get_file("out.raw", seen, SIZE), SIZE);
	assert_memory_equal(seen, model, SIZE);
}

/* Commits twice, with changes before and in between. Changes that are not committed are lost. */
static void use_overlay(struct disk *disk, const char *format, const char *name)
{
	struct disk other;

	assert_int_equal(disk_make_overlay(disk), 0);
	change(disk, 1);
	commit(disk, name);
	/* Others may read the image again; while they do, it cannot be written. */
	check_file(format, name);
	assert_int_equal(disk_open(&other, at(name), true), 0);
	change(disk, 20);
	refuse(disk, name, -EBUSY, "has it open");
	disk_close(&other);
	commit(disk, name);
	check_file(format, name);
	memcpy(kept, model, SIZE);
	change(disk, 40);
	memcpy(model, kept, SIZE);
	disk_close(disk);
	check_file(format, name);
}

static void test_overlay_of_raw(void **state)
{
	struct disk disk;

	assert_int_equal(disk_open(&disk, at("base.raw"), true), 0);
	use_overlay(&disk, "raw", "base.raw");
}

/* The commit goes into the image, and not into the image's backing file. */
static void test_overlay_of_qcow2(void **state)
{
	struct disk disk;

	sh_must("md5sum base.raw >sums && qemu-img create -f qcow2 -F raw -b base.raw i");
	assert_int_equal(open_image(&disk, "i", true), 0);
	use_overlay(&disk, "qcow2", "i");
	sh_must("md5sum -c sums && qemu-img convert -c -O qcow2 base.raw i");
	get_file("base.raw", model, SIZE);
	assert_int_equal(open_image(&disk, "i", true), 0);
	use_overlay(&disk, "qcow2", "i");
}

/* An image that was committed has the same contents, but no data of its own. */
static void test_image(void **state)
{
	static const char *const makes[] = {
		"cp base.raw b && qemu-img create -f qcow2 -F raw -b b i",
		"cp base.raw b && qemu-img create -f qcow2 -o compat=0.10 -F raw -b b i",
		"cp base.raw b && qemu-img create -f qcow2 -o cluster_size=512 -F raw -b b i",
		"qemu-img convert -c -O qcow2 base.raw b && qemu-img create -f qcow2 -F qcow2 -b b i",
		("qemu-img create -f qcow2 -F raw -b base.raw b && qemu-img snapshot -c s b && "
		 "qemu-img create -f qcow2 -F qcow2 -b b i"),
	};

	for (unsigned n = 0; n < ARRAY_SIZE(makes); n++) {
		struct disk disk;

		get_file("base.raw", model, SIZE);
		sh_must(makes[n]);
		assert_int_equal(open_image(&disk, "i", false), 0);
		change(&disk, 1);
		commit(&disk, "i");
		check_file(n < 3 ? "raw" : "qcow2", "b");
		change(&disk, 20);
		commit(&disk, "i");
		disk_close(&disk);
		check_file(n < 3 ? "raw" : "qcow2", "b");
		check_file("qcow2", "i");
		sh_must("! qemu-img map --output=json i | grep '\"depth\": 0'");
	}
}

/* A smaller backing file grows. */
static void test_larger_image(void **state)
{
	static const char *const makes[] = { "cp base.raw b",
					     "qemu-img convert -O qcow2 base.raw b" };

	for (unsigned n = 0; n < ARRAY_SIZE(makes); n++) {
		struct iovec iov = { seen, MiB };
		struct disk disk;

		get_file("base.raw", model, SIZE);
		sh_must(makes[n]);
		assert_int_equal(
			sh("qemu-img create -f qcow2 -F %s -b b i 8M", n ? "qcow2" : "raw"), 0);
		assert_int_equal(open_image(&disk, "i", false), 0);
		memset(seen, 7, MiB);
		assert_int_equal(disk_write(&disk, 7 * MiB, &iov, 1), 0);
		commit(&disk, "i");
		disk_close(&disk);
		assert_int_equal(sh("qemu-io -f %s -c 'read -P 7 7M 1M' -c 'read -P 0 4M 3M' b | "
				    "tee log2 && ! grep failed log2",
				    n ? "qcow2" : "raw"),
				 0);
	}
}

static void test_refused(void **state)
{
	struct disk disk, other;

	sh_must("qemu-img create -f qcow2 -F raw -b base.raw i && qemu-img snapshot -c s i");
	assert_int_equal(open_image(&disk, "i", false), 0);
	refuse(&disk, "i", -ENOTSUP, "i: has snapshots");
	disk_close(&disk);
	assert_int_equal(open_image(&disk, "i", true), 0);
	assert_false(disk_can_commit(&disk));
	disk_close(&disk);
	assert_int_equal(disk_open(&disk, at("base.raw"), false), 0);
	assert_false(disk_can_commit(&disk));
	disk_close(&disk);

	sh_must("qemu-img create -f qcow2 -F raw -b base.raw i");
	assert_int_equal(disk_open(&other, at("base.raw"), true), 0);
	assert_int_equal(open_image(&disk, "i", false), 0);
	change(&disk, 1);
	refuse(&disk, "i", -EBUSY, "base.raw: cannot be opened for writing: another machine");
	disk_close(&other);
	commit(&disk, "i");
	disk_close(&disk);
	check_file("raw", "base.raw");

	/* An image with the dirty bit can be read, but not written. */
	sh_must("qemu-img convert -O qcow2 base.raw b && printf '\\1' | dd of=b bs=1 seek=79 "
		"conv=notrunc && qemu-img create -u -f qcow2 -F qcow2 -b b i 3148288");
	assert_int_equal(open_image(&disk, "i", false), 0);
	change(&disk, 20);
	refuse(&disk, "i", -EINVAL, "was not closed cleanly");
	assert_int_equal(sh("qemu-io -r -f qcow2 -c 'read 0 1k' b"), 0);
	disk_close(&disk);
}

/*
 * A file whose space was allocated in advance keeps it; another one gives space back to the host.
 */
static void test_space(void **state)
{
	static const char *const makes[] = { "fallocate -l 3148288 b", "truncate -s 3148288 b" };

	for (unsigned n = 0; n < ARRAY_SIZE(makes); n++) {
		struct disk disk;
		struct stat st;

		memset(model, 0, SIZE);
		sh_must(makes[n]);
		assert_int_equal(disk_open(&disk, at("b"), true), 0);
		assert_int_equal(disk_make_overlay(&disk), 0);
		change(&disk, 1);
		commit(&disk, "b");
		assert_int_equal(stat(at("b"), &st), 0);
		assert_int_equal((u64)st.st_blocks * 512 < SIZE, n == 1);
		disk_close(&disk);
		check_file("raw", "b");
		assert_int_equal(remove(at("b")), 0);
	}
}

/*
 * A commit warns that dirty bitmaps do not contain what it writes; for the next commit there are no
 * valid ones any more.
 */
static void test_bitmaps(void **state)
{
	struct disk disk;

	sh_must("qemu-img convert -O qcow2 base.raw b && qemu-img bitmap --add b x");
	assert_int_equal(open_image(&disk, "b", true), 0);
	assert_int_equal(disk_make_overlay(&disk), 0);
	change(&disk, 1);
	commit(&disk, "b");
	assert_non_null(strstr(why, "b: its dirty bitmaps have become inconsistent"));
	change(&disk, 2);
	commit(&disk, "b");
	assert_string_equal(why, "");
	disk_close(&disk);
	/* The clusters of the bitmaps leak (qemu-img check reports it). */
	sh_must("qemu-img convert -f qcow2 -O raw b out.raw");
	assert_int_equal(get_file("out.raw", seen, SIZE), SIZE);
	assert_memory_equal(seen, model, SIZE);
}

/* A commit that failed because the host's disk was full can be repeated. */
static void test_full_host(void **state)
{
	static const char *const makes[] = {
		"qemu-img create -f raw b 3148288",
		"qemu-img create -f qcow2 b 3148288",
	};

	for (unsigned n = 0; n < 2 * ARRAY_SIZE(makes); n++) {
		bool is_raw = n % 2 == 0, overlay = n / 2;
		struct disk disk, other;

		memset(model, 0, SIZE);
		sh_must(makes[n % 2]);
		assert_int_equal(sh("qemu-img create -f qcow2 -F %s -b b i && truncate -s %d b",
				    is_raw ? "raw" : "qcow2", is_raw ? (int)SIZE : 1 << 19),
				 0);
		assert_int_equal(open_image(&disk, "i", overlay), 0);
		if (overlay) {
			disk_close(&disk);
			assert_int_equal(is_raw ? disk_open(&disk, at("b"), true) :
						  open_image(&disk, "b", true),
					 0);
			assert_int_equal(disk_make_overlay(&disk), 0);
		}
		change(&disk, 1);
		place_limit(is_raw ? MiB : 512 * KiB);
		refuse(&disk, overlay ? "b" : "i", -EFBIG, "b: File too large");
		place_limit(0);
		/* Nobody else can read an image to which only a part was committed. */
		assert_int_equal(disk_open(&other, at("b"), true), -EBUSY);
		check_disk(&disk);
		commit(&disk, overlay ? "b" : "i");
		disk_close(&disk);
		check_file(is_raw ? "raw" : "qcow2", "b");
	}
}

int main(void)
{
	struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_overlay_of_raw, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_overlay_of_qcow2, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_image, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_larger_image, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_refused, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_space, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_bitmaps, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_full_host, setup, place_remove),
	};

	place_skip(tests, ARRAY_SIZE(tests));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
