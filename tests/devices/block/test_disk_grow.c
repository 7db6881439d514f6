/* SPDX-License-Identifier: MIT */
/* Tests disk_grow() of raw and qcow2 images, compared with qemu-img, and refused growth. */
#include "image_place.h"

#include <errno.h>
#include <string.h>

static u8 sector[DISK_SECTOR], seen[DISK_SECTOR];
static char why[QCOW2_WHY];
static unsigned told;

static void count_told(void *ctx)
{
	told += ctx == &told;
}

static int setup(void **state)
{
	place_make(11);
	memset(sector, 0x5a, sizeof(sector));
	told = 0;
	return 0;
}

static void write_at(struct disk *disk, u64 offset)
{
	struct iovec iov = { sector, sizeof(sector) };

	assert_int_equal(disk_write(disk, offset, &iov, 1), 0);
}

/* Checks that the sector there is as written, or is zeros. */
static void read_at(struct disk *disk, u64 offset, bool written)
{
	static const u8 zeros[DISK_SECTOR];
	struct iovec iov = { seen, sizeof(seen) };

	assert_int_equal(disk_read(disk, offset, &iov, 1), 0);
	assert_memory_equal(seen, written ? sector : zeros, sizeof(seen));
}

/* Grows a disk that has data in its last sector, and uses the new part. */
static void grow(struct disk *disk, u64 from, u64 to)
{
	disk->grown = count_told;
	disk->user = &told;
	told = 0;
	write_at(disk, from - DISK_SECTOR);
	assert_int_equal(disk_grow(disk, to, why), 0);
	assert_int_equal(told, 1);
	assert_int_equal(disk->sectors, to / DISK_SECTOR);
	read_at(disk, from - DISK_SECTOR, true);
	read_at(disk, from, false);
	read_at(disk, to - DISK_SECTOR, false);
	write_at(disk, to - DISK_SECTOR);
	read_at(disk, to - DISK_SECTOR, true);
}

static void test_raw(void **state)
{
	struct disk disk;

	sh_must("truncate -s 100000 r");
	assert_int_equal(disk_open(&disk, at("r"), false), 0);
	grow(&disk, 196 * DISK_SECTOR, 5 * MiB);
	assert_int_equal(disk_grow(&disk, MiB, why), -EINVAL);
	assert_int_equal(disk_grow(&disk, 5 * MiB + 1, why), -EINVAL);
	assert_int_equal(disk_grow(&disk, 0, why), -EINVAL);
	assert_int_equal(disk_grow(&disk, BIT(63), why), -EINVAL);
	assert_int_equal(told, 1);
	disk_close(&disk);
	sh_must("test $(stat -c %s r) = 5242880");
}

/* With small clusters the L1 table soon has to grow: an L2 table then covers 32 KiB. */
static void test_qcow2(void **state)
{
	static const char *const options[] = { "-o cluster_size=512", "", "-o compat=0.10",
					       "-o cluster_size=2M" };
	static const u64 sizes[] = { 64 * KiB, 96 * KiB, 33 * MiB, 20 * GiB };

	for (unsigned n = 0; n < ARRAY_SIZE(options); n++) {
		u64 most = n ? ARRAY_SIZE(sizes) - 1 : ARRAY_SIZE(sizes) - 2;
		struct disk disk;

		assert_int_equal(sh("qemu-img create -f qcow2 %s q 65536", options[n]), 0);
		assert_int_equal(open_image(&disk, "q", false), 0);
		for (unsigned k = 0; k < most; k++)
			grow(&disk, sizes[k], sizes[k + 1]);
		assert_int_equal(disk_grow(&disk, sizes[0], why), -EINVAL);
		assert_non_null(strstr(why, "can only become larger"));
		disk_close(&disk);
		sh_must("qemu-img check -f qcow2 q");
		assert_int_equal(
			sh("qemu-img info -f qcow2 q | grep -q '(%llu bytes)'", sizes[most]), 0);
		assert_int_equal(open_image(&disk, "q", false), 0);
		for (unsigned k = 0; k <= most; k++)
			read_at(&disk, sizes[k] - DISK_SECTOR, true);
		read_at(&disk, sizes[most] - 2 * DISK_SECTOR, false);
		disk_close(&disk);
	}
}

/*
 * A machine's state whose saving was interrupted is after the disk's end, and must not appear in
 * the disk when it grows.
 */
static void test_state_behind_the_disk(void **state)
{
	struct disk disk;

	sh_must("qemu-img create -f qcow2 s 1M && qemu-io -f qcow2 -c 'write -b -P 7 0 64k' s");
	assert_int_equal(open_image(&disk, "s", false), 0);
	assert_int_equal(disk_grow(&disk, GiB, why), 0);
	read_at(&disk, 512 * MiB, false);
	disk_close(&disk);
	sh_must("qemu-img check -f qcow2 s");
}

/* A disk that was larger in the past has bytes after its end, in its last cluster. */
static void test_bytes_behind_the_end(void **state)
{
	struct disk disk;

	sh_must("qemu-img create -f qcow2 q 1M && qemu-io -f qcow2 -c 'write -P 7 0 1M' q &&"
		" qemu-img resize -f qcow2 --shrink q 1000448");
	assert_int_equal(open_image(&disk, "q", false), 0);
	assert_int_equal(disk_grow(&disk, 2 * MiB, why), 0);
	read_at(&disk, 1000448, false);
	read_at(&disk, MiB - DISK_SECTOR, false);
	read_at(&disk, MiB, false);
	disk_close(&disk);
	sh_must("qemu-img check -f qcow2 q && qemu-io -f qcow2 -c 'read -P 7 0 1000448' q");
}

static void refuse(const char *make, const char *name, int error, const char *text)
{
	struct disk disk;

	sh_must(make);
	assert_int_equal(open_image(&disk, name, false), 0);
	assert_int_equal(disk_grow(&disk, 10 * MiB, why), error);
	if (!strstr(why, text))
		fail_msg("%s", why);
	assert_int_equal(disk.sectors, 2 * MiB / DISK_SECTOR);
	disk_close(&disk);
}

static void test_refused(void **state)
{
	struct disk disk;

	refuse("qemu-img create -f qcow2 a 2M && qemu-img snapshot -c one a", "a", -ENOTSUP,
	       "has snapshots");
	refuse("truncate -s 3M base && qemu-img create -f qcow2 -F raw -b base b 2M", "b", -ENOTSUP,
	       "larger backing file");
	sh_must("truncate -s 2M r");
	assert_int_equal(disk_open(&disk, at("r"), true), 0);
	assert_int_equal(disk_grow(&disk, 10 * MiB, why), -EACCES);
	assert_int_equal(disk_make_overlay(&disk), 0);
	assert_int_equal(disk_grow(&disk, 10 * MiB, why), -ENOTSUP);
	disk_close(&disk);
}

/* If the host's disk is full, the size does not change. */
static void test_full_host(void **state)
{
	struct disk disk;

	sh_must("qemu-img create -f qcow2 -o cluster_size=512 q 64k");
	assert_int_equal(open_image(&disk, "q", false), 0);
	write_at(&disk, 0);
	assert_int_equal(disk_flush(&disk), 0);
	place_limit(8 * KiB);
	assert_int_equal(disk_grow(&disk, 33 * MiB, why), -EFBIG);
	place_limit(0);
	assert_int_equal(disk.sectors, 128);
	read_at(&disk, 0, true);
	assert_int_equal(disk_grow(&disk, 33 * MiB, why), 0);
	disk_close(&disk);
	sh_must("qemu-img check -f qcow2 q");
}

int main(void)
{
	struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_raw, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_qcow2, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_state_behind_the_disk, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_bytes_behind_the_end, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_refused, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_full_host, setup, place_remove),
	};

	place_skip(tests, ARRAY_SIZE(tests));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
