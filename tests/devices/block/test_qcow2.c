/* SPDX-License-Identifier: MIT */
/*
 * devices/block/qcow2*.c and disk_overlay.c against qemu-img: they read its images, and it finds no
 * damage in theirs. And images that were damaged on purpose.
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

static u8 model[SIZE], seen[SIZE];

static int setup(void **state)
{
	place_make(7);
	put_base(model, SIZE);
	return 0;
}

/* In up to four pieces. */
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

/* Sectors somewhere, few more often than many. */
static void somewhere(u64 *offset, u64 *size)
{
	u64 most = below(3) ? 20 : 2000;

	*size = (1 + below(most)) * DISK_SECTOR;
	*offset = below((SIZE - *size) / DISK_SECTOR + 1) * (u64)DISK_SECTOR;
}

/* Fills a whole number of sectors with what repeats itself every 56 bytes. */
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

/* qemu-img finds nothing wrong, and the same content. */
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
		/* Twice: what was written is there when it is opened again. */
		for (unsigned again = 0; again < 2; again++) {
			assert_int_equal(open_image(&disk, "i", false), 0);
			qcow2_use(&disk, 150);
			disk_close(&disk);
			check_image("i");
		}
	}
}

/* The contents of a snapshot in the image do not change. */
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

/* The file grows far beyond what its first refcount table counts. */
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

/* Freed clusters, here and there over many refcount blocks, are used before the file grows. */
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

			/* A flush says that the medium knows of it: then it is free. */
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
 * A table that only looks as if a snapshot had it, too, is given up: a table that takes its place
 * gets none of its contents.
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
 * Clusters in use by their refcount stay so beyond the file's end, where nothing was written: no
 * other cluster is put there, they read as zeros, and can be written.
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

/* Be they of many blocks of refcounts, which small clusters make small. */
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

/* Discarded: the host has the space again. */
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

#define FEATURES(byte)                                                                             \
	"create -f qcow2 i 1M; printf '\\" byte "' | dd of=i bs=1 seek=79 conv=notrunc status=none"

static const struct refusal {
	const char *make, *reason;
} refused[] = {
	{ "create -f qcow2 -o data_file=d.raw i 1M", "data in another file" },
	{ "create -f qcow2 -o extended_l2=on i 1M", "extended L2" },
	{ "create -f qcow2 -o compression_type=zstd i 1M", "compressed" },
	{ "create -f qcow2 -u -b nowhere -F raw i 1M", "nowhere cannot be opened" },
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

/* Each is refused, with a line that says why; and no other file is looked at. */
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

/* Numbers of a field that cannot be right: offset in the header, size, value. */
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

static void qcow2_put_number(u64 offset, unsigned size, u64 value)
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
		qcow2_put_number(damage[n].offset, damage[n].size, damage[n].value);
		if (damage[n].offset == 8)
			qcow2_put_number(16, 4, 1000);
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

/* Tables that the file has room for, but that are too large for memory; and one beyond its end. */
static void test_huge_tables(void **state)
{
	static const struct {
		unsigned offset; /* of clusters or entries, whose table is then at 1 GiB */
		u64 value;
		unsigned table;
	} huge[] = { { 36, 32 * MiB / 8 + 1, 40 }, { 56, 8 * MiB / (64 * KiB) + 1, 48 } };
	struct disk disk;

	for (unsigned n = 0; n < 2 * ARRAY_SIZE(huge); n++) {
		sh_must("qemu-img convert -O qcow2 base.raw i && truncate -s 4G i");
		qcow2_put_number(huge[n / 2].offset, 4, huge[n / 2].value);
		qcow2_put_number(huge[n / 2].table, 8, GiB);
		assert_int_equal(open_image(&disk, "i", n % 2), -EINVAL);
		assert_true(*image_why());
	}
	for (unsigned n = 0; n < 2; n++) {
		sh_must("qemu-img convert -O qcow2 base.raw i");
		qcow2_put_number(get_number(40), 8, 1ull << 40 | 1ull << 63);
		assert_int_equal(open_image(&disk, "i", n), -EINVAL);
		assert_non_null(strstr(image_why(), "outside"));
	}
}

/* Entries that lead to tables: the guest must not write there, nor the file grow without end. */
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
		/* An L2 table that is another table. */
		copy_file("whole", "i");
		qcow2_put_number(l1, 8, targets[n] | 1ull << 63);
		if (targets[n] && n != 2)
			assert_int_equal(open_image(&disk, "i", false), -EINVAL);
		/* Data that is a table. */
		copy_file("whole", "i");
		qcow2_put_number(l2 + 8 * 8, 8, targets[n] | 1ull << 63);
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

/* Cut anywhere, and with bytes changed in its tables: no crash, nothing without end. */
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
		cmocka_unit_test_setup_teardown(test_images_of_qemu, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_snapshots_are_left_alone, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_refcounts_grow, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_freed_clusters_are_used, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_table_in_a_used_place, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_used_behind_the_end, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_much_used_behind_the_end, setup,
						place_remove),
		cmocka_unit_test_setup_teardown(test_discard_makes_holes, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_snapshot_option, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_locks, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_refused, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_damaged_headers, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_huge_tables, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_self_references, setup, place_remove),
		cmocka_unit_test_setup_teardown(test_cut_and_changed, setup, place_remove),
	};

	place_skip(tests, ARRAY_SIZE(tests));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
