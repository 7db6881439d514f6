/* SPDX-License-Identifier: MIT */
/*
 * Tests devices/block/qcow2*.c and disk_overlay.c against qemu-img: they read its images, and it
 * finds no damage in theirs.
 */
#include "image_place.h"

#include "devices/block/disk_flat.h"

#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SIZE (9 * MiB + 5 * DISK_SECTOR)

static u8 model[SIZE], seen[SIZE];

static int setup(void **state)
{
	place_make(7);
	put_base(model, SIZE);
	return 0;
}

/* Divides the data into up to four pieces. Returns their number. */
static unsigned pieces(u8 *data, u64 size, struct iovec *iov)
{
	unsigned count = 0;

	for (u64 done = 0; done < size; count++) {
		u64 part = 1 + below(size);

		if (count == 3 || part > size - done)
			part = size - done;
		iov[count] = (struct iovec){ data + done, part };
		done += part;
	}
	return count;
}

static void check_read(struct disk *disk, u64 offset, u64 size)
{
	struct iovec iov[4];
	unsigned count = pieces(seen, size, iov);

	assert_int_equal(disk_read(disk, offset, iov, count), 0);
	assert_memory_equal(seen, model + offset, size);
}

/* Chooses a random range of sectors, more often a short one than a long one. */
static void somewhere(u64 *offset, u64 *size)
{
	u64 most = below(3) ? 20 : 2000;

	*size = (1 + below(most)) * DISK_SECTOR;
	*offset = below((SIZE - *size) / DISK_SECTOR + 1) * (u64)DISK_SECTOR;
}

/* Fills whole sectors with a pattern that repeats every 56 bytes. */
static void pattern(u8 *data, u64 size, u64 text)
{
	const u64 period = 56;

	for (u64 n = 0; n < period; n++)
		data[n] = (u8)(text >> n);
	for (u64 done = period, part; done < size; done += part) {
		part = MIN(done, size - done);
		memcpy(data + done, data, part);
	}
}

static void qcow2_use(struct disk *disk, unsigned times)
{
	while (times--) {
		struct iovec iov[4];
		u64 offset, size, text = below(BIT(31)) * 0x100000001ull;

		somewhere(&offset, &size);
		switch (below(4)) {
		case 0:
			check_read(disk, offset, size);
			break;
		case 1:
			memset(model + offset, 0, size);
			assert_int_equal(disk_zero(disk, offset, size, below(2)), 0);
			break;
		default:
			pattern(model + offset, size, text);
			memcpy(seen, model + offset, size);
			assert_int_equal(disk_write(disk, offset, iov, pieces(seen, size, iov)), 0);
		}
	}
	check_read(disk, 0, SIZE);
	assert_int_equal(disk_flush(disk), 0);
}

/* Checks that qemu-img finds no damage in the image, and reads the model's contents from it. */
static void check_image(const char *name)
{
	if (run_tool("qemu-img check -f qcow2 %s", name) ||
	    run_tool("qemu-img convert -f qcow2 -O raw %s out.raw", name)) {
		get_file("log", seen, sizeof(seen));
		fail_msg("%s: %.2000s", name, (char *)seen);
	}
	assert_int_equal(get_file("out.raw", seen, SIZE), SIZE);
	assert_memory_equal(seen, model, SIZE);
}

/* Returns the autoclear bits in the header of an image's file. */
static u64 autoclear_of(const char *name)
{
	u64 bits;

	assert_true(get_file(name, seen, 96) >= 96);
	memcpy(&bits, seen + 88, sizeof(bits));
	return be64toh(bits);
}

/*
 * Dirty bitmaps are valid until the first write, whether it is of data in place, of zeros, or of a
 * new cluster. Opening and reading the image does not change a byte of the file.
 */
static void test_bitmaps(void **state)
{
	static const u64 offsets[] = { 0, 0, MiB };

	sh_must("qemu-img create -q -f qcow2 b 4M && qemu-io -f qcow2 -c 'write 0 64k' b &&"
		" qemu-img bitmap --add b name && cp b b.old");
	for (unsigned n = 0; n < ARRAY_SIZE(offsets); n++) {
		struct iovec iov = { seen, 64 * KiB };
		struct disk disk;

		copy_file("b.old", "b");
		for (unsigned readonly = 0; readonly < 2; readonly++) {
			assert_int_equal(open_image(&disk, "b", readonly), 0);
			assert_int_equal(qcow2_loses_bitmaps(disk.qcow2), !readonly);
			assert_int_equal(disk_read(&disk, 0, &iov, 1), 0);
			disk_close(&disk);
			sh_must("cmp b b.old");
		}
		assert_int_equal(open_image(&disk, "b", false), 0);
		iov = (struct iovec){ seen, DISK_SECTOR };
		assert_int_equal(n == 1 ? disk_zero(&disk, 0, 64 * KiB, false) :
					  disk_write(&disk, offsets[n], &iov, 1),
				 0);
		if (n == 1)
			assert_int_equal(disk_flush(&disk), 0);
		assert_int_equal(autoclear_of("b"), 0);
		assert_false(qcow2_loses_bitmaps(disk.qcow2));
		disk_close(&disk);
	}
}

static const char *const kinds[] = {
	"convert -O qcow2 base.raw i",
	"convert -O qcow2 -o compat=0.10 base.raw i",
	"convert -O qcow2 -o cluster_size=512 base.raw i",
	"convert -O qcow2 -o cluster_size=2M base.raw i",
	"convert -O qcow2 -c base.raw i",
	"convert -O qcow2 -c -o cluster_size=4K,compat=0.10 base.raw i",
	"convert -O qcow2 -c -o refcount_bits=64 base.raw i",
	"convert -O qcow2 -o refcount_bits=1 base.raw i",
	"convert -O qcow2 -o refcount_bits=4,cluster_size=1K base.raw i",
	"convert -O qcow2 -o preallocation=metadata base.raw i",
	"create -f qcow2 -F raw -b base.raw i",
	"create -f qcow2 -F raw -b file:$PWD/base.raw i",
	"create -f qcow2 -F raw -b ./base.raw i",
	"create -f qcow2 -F raw -b base.raw -o compat=0.10,cluster_size=8K i",
	"convert -O qcow2 -c base.raw j && qemu-img create -f qcow2 -F qcow2 -b j -o cluster_size=512 i",
};

static void test_images_of_qemu(void **state)
{
	struct disk disk;

	for (unsigned n = 0; n < ARRAY_SIZE(kinds); n++) {
		assert_int_equal(get_file("base.raw", model, SIZE), SIZE);
		assert_int_equal(sh("qemu-img %s", kinds[n]), 0);
		assert_int_equal(open_image(&disk, "i", true), 0);
		assert_int_equal(disk.sectors, SIZE / DISK_SECTOR);
		check_read(&disk, 0, SIZE);
		disk_close(&disk);
		/*
		 * This is done twice: the second time the image has what was written the first
		 * time.
		 */
		for (unsigned again = 0; again < 2; again++) {
			assert_int_equal(open_image(&disk, "i", false), 0);
			qcow2_use(&disk, 150);
			disk_close(&disk);
			check_image("i");
		}
	}
}

/* A backing file that is raw and ends within a sector is read to its end. */
static void test_backing_with_an_odd_end(void **state)
{
	u8 data[2 * DISK_SECTOR], wanted[sizeof(data)] = { 0 };
	struct iovec iov = { data, sizeof(data) };
	struct disk disk;

	memset(wanted, 'A', 900);
	put_file("odd.raw", wanted, 900);
	sh_must("qemu-img create -f qcow2 -F raw -b odd.raw i");
	assert_int_equal(open_image(&disk, "i", true), 0);
	assert_int_equal(disk.sectors, 2);
	assert_int_equal(disk_read(&disk, 0, &iov, 1), 0);
	assert_memory_equal(data, wanted, sizeof(data));
	disk_close(&disk);
}

/* A backing file's name in JSON as QEMU writes it; its path is relative to the current folder. */
static void test_backing_in_json(void **state)
{
	static const char *const names[] = {
		"{\"driver\":\"qcow2\",\"file\":{\"driver\":\"file\",\"filename\":\"%s\"}}",
		"{\"driver\":\"qcow2\",\"file.driver\":\"file\",\"file.filename\":\"%s\"}",
		"{\"file\":{\"filename\":\"%s\"}}",
	};

	sh_must("qemu-img convert -O qcow2 base.raw b");
	for (unsigned n = 0; n < ARRAY_SIZE(names); n++) {
		char name[300];
		struct disk disk;

		snprintf(name, sizeof(name), names[n], at("b"));
		assert_int_equal(sh("qemu-img create -f qcow2 -F qcow2 -b 'json:%s' i", name), 0);
		assert_int_equal(open_image(&disk, "i", false), 0);
		qcow2_use(&disk, 50);
		disk_close(&disk);
		check_image("i");
		get_file("base.raw", model, SIZE);
	}
}

/* Writes do not change the contents of a snapshot in the image. */
static void test_snapshots_are_left_alone(void **state)
{
	static u8 before[SIZE];
	struct disk disk;

	sh_must("qemu-img convert -O qcow2 -o cluster_size=4K base.raw i && "
		"qemu-img snapshot -c one i");
	memcpy(before, model, SIZE);
	assert_int_equal(open_image(&disk, "i", false), 0);
	qcow2_use(&disk, 300);
	disk_close(&disk);
	check_image("i");
	sh_must("qemu-img convert -l one -O raw i out.raw");
	assert_int_equal(get_file("out.raw", seen, SIZE), SIZE);
	assert_memory_equal(seen, before, SIZE);
	sh_must("qemu-img snapshot -a one i && qemu-img snapshot -d one i && "
		"qemu-img check i");
}

/* The file grows far beyond the clusters for which its first refcount table is sufficient. */
static void test_refcounts_grow(void **state)
{
	static u8 data[64 * KiB];
	struct disk disk;

	sh_must("qemu-img create -f qcow2 -o cluster_size=512,refcount_bits=64 i 64M");
	assert_int_equal(open_image(&disk, "i", false), 0);
	for (u64 offset = 0; offset < 40 * MiB; offset += sizeof(data)) {
		struct iovec iov = { data, sizeof(data) };

		memset(data, (int)(offset >> 16), sizeof(data));
		assert_int_equal(disk_write(&disk, offset, &iov, 1), 0);
	}
	assert_int_equal(disk_zero(&disk, 0, 20 * MiB, true), 0);
	disk_close(&disk);
	sh_must("qemu-img check i");
	sh_must("qemu-io -r -c 'read -P 0 0 20M' -c 'read -P 0x50 0x1500000 64k' i");
	assert_int_not_equal(sh("grep -q failed log"), 0);
}

/* Freed clusters, scattered over many refcount blocks, are used before the file grows. */
static void test_freed_clusters_are_used(void **state)
{
	static u8 data[4 * KiB];
	u64 sizes[2];
	struct disk disk;

	memset(data, 0x55, sizeof(data));
	sh_must("qemu-img create -f qcow2 -o cluster_size=512 i 16M");
	assert_int_equal(open_image(&disk, "i", false), 0);
	for (unsigned round = 0; round < 2; round++) {
		for (u64 n = 0; n < 500; n++) {
			struct iovec iov = { data, sizeof(data) };
			u64 offset = (round ? below(500) : n) * sizeof(data);

			/*
			 * The cluster is free only after a flush has put the change onto the
			 * medium.
			 */
			if (round)
				assert_int_equal(disk_zero(&disk, offset, sizeof(data), true) ||
							 disk_flush(&disk),
						 0);
			assert_int_equal(disk_write(&disk, offset, &iov, 1), 0);
		}
		sizes[round > 0] = (u64)lseek(disk.fd, 0, SEEK_END);
	}
	disk_close(&disk);
	assert_int_equal(sizes[0], sizes[1]);
	sh_must("qemu-img check i");
	sh_must("qemu-io -r -c 'read -P 0x55 0 2000k' i");
	assert_int_not_equal(sh("grep -q failed log"), 0);
}

/*
 * A table whose flag wrongly says that a snapshot shares it is freed when it is written. A table
 * that is later allocated in its place does not get its contents.
 */
static void test_table_in_a_used_place(void **state)
{
	struct iovec iov = { seen, DISK_SECTOR };
	struct disk disk;
	u64 l1, size;

	sh_must("qemu-img create -f qcow2 -o cluster_size=512 i 1M && qemu-io "
		"-c 'write -P 1 32k 32k' -c 'write -P 1 0 32k' i");
	size = get_file("i", seen, SIZE);
	memcpy(&l1, seen + 40, sizeof(l1));
	seen[be64toh(l1)] &= 0x7f;
	put_file("i", seen, size);
	assert_int_equal(open_image(&disk, "i", false), 0);
	assert_int_equal(disk_zero(&disk, 32 * KiB, DISK_SECTOR, true), 0);
	assert_int_equal(disk_zero(&disk, 0, DISK_SECTOR, true), 0);
	assert_int_equal(disk_flush(&disk), 0);
	assert_int_equal(disk_write(&disk, 64 * KiB, &iov, 1), 0);
	iov = (struct iovec){ seen, 32 * KiB - DISK_SECTOR };
	assert_int_equal(disk_read(&disk, 64 * KiB + DISK_SECTOR, &iov, 1), 0);
	for (u64 n = 0; n < 32 * KiB - DISK_SECTOR; n++)
		assert_int_equal(seen[n], 0);
	disk_close(&disk);
}

/*
 * Clusters that are in use according to their refcounts remain so beyond the file's end, where
 * nothing was written: no other cluster is placed there, and they read as zeros and can be written.
 */
static void test_used_behind_the_end(void **state)
{
	static u8 data[64 * KiB];
	struct iovec iov = { data, sizeof(data) };
	struct disk disk;

	sh_must("qemu-img create -f qcow2 i 1M && qemu-io -c 'write -P 1 0 64k' "
		"-c 'write -P 2 64k 64k' i && truncate -s -64K i");
	assert_int_equal(open_image(&disk, "i", false), 0);
	memset(data, 3, sizeof(data));
	assert_int_equal(disk_write(&disk, 256 * KiB, &iov, 1), 0);
	memset(data, 4, DISK_SECTOR);
	iov = (struct iovec){ data, DISK_SECTOR };
	assert_int_equal(disk_write(&disk, 64 * KiB, &iov, 1), 0);
	assert_int_equal(disk_flush(&disk), 0);
	disk_close(&disk);
	sh_must("qemu-img check i");
	sh_must("qemu-io -r -c 'read -P 1 0 64k' -c 'read -P 4 64k 512' "
		"-c 'read -P 0 66048 65024' -c 'read -P 3 256k 64k' i");
	assert_int_not_equal(sh("grep -q failed log"), 0);
}

static void put_be(u8 *at, u64 value, unsigned bytes)
{
	for (unsigned n = bytes; n-- > 0; value >>= 8)
		at[n] = (u8)value;
}

/*
 * This also holds if they belong to many refcount blocks, which are small because clusters are
 * small.
 */
static void test_much_used_behind_the_end(void **state)
{
	static u8 image[64 * KiB];
	const u64 cluster = 512, blocks = 16;
	u8 data[DISK_SECTOR] = { 5 };
	struct iovec iov = { data, sizeof(data) };
	u64 size, table, block;
	struct disk disk;

	sh_must("qemu-img create -f qcow2 -o cluster_size=512,refcount_bits=16 i 1M");
	size = get_file("i", image, sizeof(image) - blocks * cluster);
	size = align_up(size, cluster);
	/* "refcount_table_offset" of the header; its first block, of 256 clusters; 16 more. */
	table = (u64)image[54] << 8 | image[55];
	block = (u64)image[table + 6] << 8 | image[table + 7];
	for (u64 n = 0; n < cluster; n += 2)
		put_be(image + block + n, 1, 2);
	for (u64 n = 1; n <= blocks; n++, size += cluster) {
		put_be(image + table + 8 * n, size, 8);
		for (u64 k = 0; k < cluster; k += 2)
			put_be(image + size + k, 1, 2);
	}
	put_file("i", image, size);
	assert_int_equal(open_image(&disk, "i", false), 0);
	assert_int_equal(disk_write(&disk, 0, &iov, 1), 0);
	disk_close(&disk);
	assert_int_equal(sh("qemu-io -r -c 'read -P 5 0 1' i && test $(stat -c %%s i) -gt 2000000"),
			 0);
	assert_int_not_equal(sh("grep -q failed log"), 0);
}

/* Discarded clusters become holes, so the host gets the space back. */
static void test_discard_makes_holes(void **state)
{
	struct disk disk;

	sh_must("qemu-img convert -O qcow2 base.raw i; sync i");
	assert_int_equal(open_image(&disk, "i", false), 0);
	assert_int_equal(disk_zero(&disk, 0, SIZE, true), 0);
	disk_close(&disk);
	memset(model, 0, SIZE);
	check_image("i");
	sh_must("sync i; test $(du -k i | cut -f1) -lt 1000");
}

static void test_snapshot_option(void **state)
{
	struct disk disk;

	sh_must("qemu-img convert -O qcow2 -c base.raw i && md5sum i base.raw >sums");
	assert_int_equal(open_image(&disk, "i", true), 0);
	assert_int_equal(disk_make_overlay(&disk), 0);
	qcow2_use(&disk, 400);
	disk_close(&disk);
	assert_int_equal(get_file("base.raw", model, SIZE), SIZE);
	assert_int_equal(disk_open(&disk, at("base.raw"), true), 0);
	assert_int_equal(disk_make_overlay(&disk), 0);
	qcow2_use(&disk, 400);
	disk_close(&disk);
	sh_must("md5sum -c sums");
}

/* A raw copy has the contents, and zeros take no space in it. */
static void test_flat(void **state)
{
	static const char *const makes[] = {
		"qemu-img convert -O qcow2 -c base.raw i",
		"qemu-img create -f qcow2 -F raw -b base.raw i",
		"qemu-img create -f qcow2 i 1G",
	};
	struct disk disk;
	struct stat st;

	for (unsigned n = 0; n < ARRAY_SIZE(makes); n++) {
		u64 hashes[2];

		sh_must(makes[n]);
		assert_int_equal(open_image(&disk, "i", true), 0);
		assert_int_equal(disk_make_flat(&disk), 0);
		assert_null(disk.qcow2);
		assert_int_equal(disk_hash(&disk, &hashes[0]), 0);
		assert_int_equal(fstat(disk.fd, &st), 0);
		disk_close(&disk);
		sh_must("qemu-img convert -f qcow2 -O raw i out.raw");
		assert_int_equal(disk_open(&disk, at("out.raw"), true), 0);
		assert_int_equal(disk_hash(&disk, &hashes[1]), 0);
		disk_close(&disk);
		assert_true(hashes[0] == hashes[1]);
		assert_true(n < 2 || !st.st_blocks);
	}
}

/* Two machines cannot use one image when one of them writes, whichever programs they are. */
static void test_locks(void **state)
{
	struct disk disk, second;
	int held[2];

	sh_must("qemu-img convert -O qcow2 base.raw i");
	assert_int_equal(open_image(&disk, "i", false), 0);
	assert_int_equal(disk_open(&second, at("i"), false), -EBUSY);
	assert_int_equal(disk_open(&second, at("i"), true), -EBUSY);
	assert_int_not_equal(sh("qemu-io -c 'write 0 4k' i"), 0);
	assert_int_not_equal(sh("qemu-io -r -c 'read 0 4k' i"), 0);
	disk_close(&disk);
	assert_int_equal(open_image(&disk, "i", true), 0);
	assert_int_equal(disk_open(&second, at("i"), true), 0);
	disk_close(&second);
	sh_must("qemu-io -r -c 'read 0 4k' i");
	assert_int_not_equal(sh("qemu-io -c 'write 0 4k' i"), 0);
	disk_close(&disk);
	place_hold("i", held); /* the other way round */
	assert_int_equal(disk_open(&second, at("i"), false), -EBUSY);
	place_let_go(held);
	assert_int_equal(disk_open(&second, at("i"), false), 0);
	disk_close(&second);
}

int main(void)
{
	struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_images_of_qemu, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_backing_with_an_odd_end, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_backing_in_json, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_snapshots_are_left_alone, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_refcounts_grow, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_freed_clusters_are_used, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_table_in_a_used_place, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_used_behind_the_end, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_much_used_behind_the_end, setup,
						place_remove),
		cmocka_unit_test_setup_teardown(test_discard_makes_holes, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_snapshot_option, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_flat, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_bitmaps, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_locks, setup, place_remove),
	};

	place_skip(tests, ARRAY_SIZE(tests));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
