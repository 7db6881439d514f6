/* SPDX-License-Identifier: MIT */
/*
 * Tests devices/block/qcow2.c with images that are hostile or that it cannot use: each is refused
 * with a line that says why, or is used without damage to its tables.
 */
#include "image_place.h"
#include "tests/part.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SIZE (9 * MiB + 5 * DISK_SECTOR)

static u8 seen[SIZE];

static int setup(void **state)
{
	place_make(7);
	put_base(seen, SIZE);
	return 0;
}

#define FEATURES(byte)                                                                             \
	"create -f qcow2 i 1M; printf '\\" byte "' | dd of=i bs=1 seek=79 conv=notrunc status=none"

#define BASE "\"file\":{\"driver\":\"file\",\"filename\":\"/base.raw\"}"
#define JSON(text) "create -f qcow2 -u -b 'json:" text "' -F raw i 1M"

static const struct refusal {
	const char *make, *reason;
} refused[] = {
	{ "create -f qcow2 -o data_file=d.raw i 1M", "data in another file" },
	{ "create -f qcow2 -o extended_l2=on i 1M", "extended L2" },
	{ "create -f qcow2 -o compression_type=zstd i 1M", "compressed" },
	{ "create -f qcow2 -u -b nowhere -F raw i 1M", "nowhere cannot be opened" },
	{ "create -f qcow2 -u -b \"$(printf 'no\\033where')\" -F raw i 1M",
	  "no\\x1bwhere cannot be opened" },
	{ "create -f qcow2 -u -b nbd:localhost:1 -F raw i 1M", "nbd:localhost:1 is given by" },
	{ JSON("{\"driver\":\"raw\",\"offset\":512," BASE "}"), "must be JSON with" },
	{ JSON("{\"driver\":\"nbd\"," BASE "}"), "must be JSON with" },
	{ JSON("{\"file.driver\":\"nbd\",\"file.filename\":\"b\"}"), "must be JSON with" },
	{ JSON("{\"file.filename\":\"b\"," BASE "}"), "must be JSON with" },
	{ JSON("{\"file\":{" BASE "}}"), "must be JSON with" },
	{ JSON("{\"file\":{\"filename\":5}}"), "must be JSON with" },
	{ JSON("{'file.filename':'b'}"), "in double quotes" },
	{ JSON("{\"file\":\"b\"}"), "must be JSON with" },
	{ JSON("{\"driver\":\"raw\"}"), "`qemu-img rebase -u -F FORMAT -b FILE` gives a file" },
	{ JSON("[1]"), "must be JSON with" },
	{ "create -f qcow2 -u -b 'json:{\"file.filename\":\"/no/base\"}' -F raw i 1M",
	  "its backing file /no/base cannot be opened" },
	{ "create -f qcow2 -u -b base.raw -F vmdk i 1M", "raw or qcow2" },
	{ "create -f qcow2 -u -b i -F qcow2 j 1M; qemu-img create -f qcow2 -u -b j -F qcow2 "
	  "i 1M", "its own" },
	{ "--version; cp base.raw i", "no qcow2 image" },
};

static const struct refusal refused_writing[] = {
	{ "create -f qcow2 -u -b i -F qcow2 j 1M; mv j i", "or it is its own" },
	{ FEATURES("1"), "was not closed cleanly" },
	{ FEATURES("2"), "is marked as corrupt" },
};

/* Each image is refused with a line that says why, and no other file is opened. */
static void test_refused(void **state)
{
	struct disk disk;

	for (unsigned n = 0; n < ARRAY_SIZE(refused) + ARRAY_SIZE(refused_writing); n++) {
		s64 at = (s64)n - (s64)ARRAY_SIZE(refused);
		const struct refusal *row = at < 0 ? &refused[n] : &refused_writing[at];

		assert_int_equal(sh("rm -f i; qemu-img %s", row->make), 0);
		assert_int_equal(open_image(&disk, "i", at < 0), -EINVAL);
		if (!strstr(image_why(), row->reason))
			fail_msg("%s: %s", row->make, image_why());
	}
}

/* Values of fields that cannot be valid: offset in the header, size, value. */
static const struct {
	unsigned offset, size;
	u64 value;
} damage[] = {
	{ 4, 4, 1 }, { 4, 4, 4 }, { 4, 4, UINT32_MAX },
	{ 20, 4, 0 }, { 20, 4, 8 }, { 20, 4, 22 }, { 20, 4, 63 }, { 20, 4, UINT32_MAX },
	{ 32, 4, 1 }, { 32, 4, 2 },
	{ 24, 8, UINT64_MAX }, { 24, 8, 1ull << 62 }, { 24, 8, 1ull << 40 },
	{ 36, 4, 0 }, { 36, 4, UINT32_MAX }, { 36, 4, 0x20000000 },
	{ 40, 8, 0 }, { 40, 8, 1 }, { 40, 8, UINT64_MAX }, { 40, 8, 1ull << 63 },
	{ 40, 8, 0xffffffffffff0000 },
	{ 48, 8, 0 }, { 48, 8, 513 }, { 48, 8, UINT64_MAX }, { 48, 8, 0xffffffffffff0000 },
	{ 56, 4, 0 }, { 56, 4, UINT32_MAX }, { 56, 4, 0x10000 },
	{ 96, 4, 7 }, { 96, 4, UINT32_MAX },
	{ 100, 4, 0 }, { 100, 4, UINT32_MAX },
	{ 72, 8, 1ull << 40 }, { 8, 8, UINT64_MAX },
};

static void put_number(u64 offset, unsigned size, u64 value)
{
	int fd = open(at("i"), O_RDWR);
	u64 big = htobe64(value << (64 - 8 * size));

	assert_int_equal(pwrite(fd, &big, size, (off_t)offset), size);
	close(fd);
}

static void test_damaged_headers(void **state)
{
	struct disk disk;

	for (unsigned n = 0; n < ARRAY_SIZE(damage); n++) {
		sh_must("qemu-img convert -O qcow2 base.raw i");
		put_number(damage[n].offset, damage[n].size, damage[n].value);
		if (damage[n].offset == 8)
			put_number(16, 4, 1000);
		if (!open_image(&disk, "i", false))
			fail_msg("offset %u value %#llx is taken", damage[n].offset,
				 damage[n].value);
		assert_true(*image_why());
	}
}

static u64 get_number(u64 offset)
{
	int fd = open(at("i"), O_RDONLY);
	u64 big;

	assert_int_equal(pread(fd, &big, sizeof(big), (off_t)offset), sizeof(big));
	close(fd);
	return be64toh(big);
}

/*
 * Tables for which the file has room, but which are too large for memory, and one beyond the file's
 * end.
 */
static void test_huge_tables(void **state)
{
	static const struct {
		/* of the number of clusters or entries; the table is then at 1 GiB */
		unsigned offset;
		u64 value;
		unsigned table;
	} huge[] = { { 36, 32 * MiB / 8 + 1, 40 }, { 56, 8 * MiB / (64 * KiB) + 1, 48 } };
	struct disk disk;

	for (unsigned n = 0; n < 2 * ARRAY_SIZE(huge); n++) {
		sh_must("qemu-img convert -O qcow2 base.raw i && truncate -s 4G i");
		put_number(huge[n / 2].offset, 4, huge[n / 2].value);
		put_number(huge[n / 2].table, 8, GiB);
		assert_int_equal(open_image(&disk, "i", n % 2), -EINVAL);
		assert_true(*image_why());
	}
	for (unsigned n = 0; n < 2; n++) {
		sh_must("qemu-img convert -O qcow2 base.raw i");
		put_number(get_number(40), 8, 1ull << 40 | 1ull << 63);
		assert_int_equal(open_image(&disk, "i", n), -EINVAL);
		assert_non_null(strstr(image_why(), "outside"));
	}
}

/*
 * Entries that refer to tables: the guest must not be able to write there, and the file must not
 * grow without end.
 */
static void test_self_references(void **state)
{
	u64 l1, l2, refs, targets[5];
	struct disk disk;

	sh_must("qemu-img convert -O qcow2 base.raw i && cp i whole");
	l1 = get_number(40);
	refs = get_number(48);
	l2 = get_number(l1) & 0x00fffffffffffe00;
	targets[0] = 0;
	targets[1] = l1;
	targets[2] = l2;
	targets[3] = refs;
	targets[4] = get_number(refs);
	for (unsigned n = 0; n < ARRAY_SIZE(targets); n++) {
		/* The L1 entry refers to another table as its L2 table. */
		copy_file("whole", "i");
		put_number(l1, 8, targets[n] | 1ull << 63);
		if (targets[n] && n != 2)
			assert_int_equal(open_image(&disk, "i", false), -EINVAL);
		/* The L2 entry refers to a table as data. */
		copy_file("whole", "i");
		put_number(l2 + 8 * 8, 8, targets[n] | 1ull << 63);
		assert_int_equal(open_image(&disk, "i", false), 0);
		for (u64 offset = 0; offset < SIZE - 64 * KiB; offset += 64 * KiB) {
			struct iovec iov = { seen, 64 * KiB };

			memset(seen, 0x11, 64 * KiB);
			disk_write(&disk, offset, &iov, 1);
			disk_zero(&disk, offset, 64 * KiB, true);
		}
		disk_close(&disk);
		assert_int_equal(get_number(0) >> 32, 0x514649fb);
		assert_int_equal(get_number(40), l1);
		assert_int_equal(get_number(48), refs);
		assert_int_equal(get_number(l1) & 0x00fffffffffffe00, l2);
	}
}

static void try_all(void)
{
	struct disk disk;

	for (unsigned readonly = 0; readonly < 2; readonly++) {
		if (open_image(&disk, "i", !readonly))
			continue;
		for (unsigned n = 0; n < 30; n++) {
			u64 limit = disk.sectors * DISK_SECTOR;
			u64 size = (1 + below(200)) * DISK_SECTOR;
			struct iovec iov = { seen, MIN(size, limit) };
			u64 offset = below(limit / DISK_SECTOR + 1) * (u64)DISK_SECTOR;

			offset = MIN(offset, limit - iov.iov_len);
			if (disk.readonly || below(2))
				disk_read(&disk, offset, &iov, 1);
			else if (below(2))
				disk_write(&disk, offset, &iov, 1);
			else
				disk_zero(&disk, offset, iov.iov_len, true);
		}
		disk_close(&disk);
	}
}

/*
 * Images that are cut anywhere, or have changed bytes in their tables, lead to no crash and no
 * endless loop.
 */
static void test_cut_and_changed(void **state)
{
	static const char *const makes[] = {
		"qemu-img convert -O qcow2 -o cluster_size=4K base.raw whole",
		"qemu-img convert -O qcow2 -c base.raw whole",
	};
	static u8 image[16 * MiB];
	const unsigned each = part_of(100);

	for (unsigned n = 0; n < each * ARRAY_SIZE(makes); n++) {
		size_t size, cut;

		if (n % each == 0)
			sh_must(makes[n / each]);
		size = get_file("whole", image, sizeof(image));
		cut = n % 4 ? size : below(size);
		for (unsigned k = 0; k < 1 + n % 8; k++)
			image[below(n % 3 ? 400 * KiB : 120)] = (u8)below(256);
		memcpy(image, "QFI\xfb", 4);
		put_file("i", image, cut);
		try_all();
	}
}

int main(void)
{
	struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_refused, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_damaged_headers, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_huge_tables, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_self_references, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_cut_and_changed, setup, place_remove),
	};

	place_skip(tests, ARRAY_SIZE(tests));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
