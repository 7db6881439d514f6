/* SPDX-License-Identifier: MIT */
/* Tests that uImages are loaded where QEMU loads them, and that damaged ones are refused. */
#include "tests/cmocka.h"

#include "loader_fixture.h"

#include <string.h>

/* Places in the header. */
enum { HEADER_CRC = 4, SIZE = 12, LOAD = 16, ENTRY = 20, CRC = 24, ARCH = 29, TYPE = 30,
       COMPRESSION = 31, CONTENTS = 64 };

static struct sample sample;

static int load_kernel(struct fixture *f, struct loader_image *image)
{
	fixture_restart(f);
	return loader_kernel(&f->loader, fixture_file(f, sample.data, sample.size), RAM_BASE,
			     image);
}

static void check_loaded(struct fixture *f)
{
	assert_int_equal(fixture_load(f, UIMAGE_LOAD + 48, 4), 0x43534952);
	assert_int_equal(fixture_load(f, UIMAGE_LOAD + IMAGE_FILE_SIZE - 1, 1), IMAGE_LAST_BYTE);
	assert_int_equal(fixture_load(f, UIMAGE_LOAD + IMAGE_FILE_SIZE, 8), 0);
}

/* The kernel has as much memory as its Image header says. */
static void test_kernel(void **state)
{
	struct fixture *f = *state;
	struct loader_image image;

	for (unsigned n = 0; n < 2; n++) {
		sample_make(&sample, n ? SAMPLE_UIMAGE_GZIP : SAMPLE_UIMAGE);
		sample.size += 8; /* bytes behind the contents are not used */
		assert_int_equal(load_kernel(f, &image), 0);
		assert_int_equal(image.base, UIMAGE_LOAD);
		assert_int_equal(image.end, UIMAGE_LOAD + IMAGE_MEMORY_SIZE);
		assert_int_equal(image.entry, UIMAGE_ENTRY);
		check_loaded(f);
	}
	/* Code without an Image header, such as U-Boot's own, has the size of the contents. */
	sample_make(&sample, SAMPLE_UIMAGE);
	memset(sample.data + CONTENTS, 0x13, IMAGE_FILE_SIZE);
	sample_sum_uimage(&sample);
	assert_int_equal(load_kernel(f, &image), 0);
	assert_int_equal(image.end, UIMAGE_LOAD + IMAGE_FILE_SIZE);
}

/* -device loader loads kernels in the same way, and others, like U-Boot's scripts, unchanged. */
static void test_loader_device(void **state)
{
	struct fixture *f = *state;
	struct board_load load = { .file = f->path, .addr = RAM_BASE, .has_addr = true };
	u64 entry;

	for (unsigned n = 0; n < 4; n++) {
		bool moved = n < 2;

		sample_make(&sample, n == 1 ? SAMPLE_UIMAGE_GZIP : SAMPLE_UIMAGE);
		if (n == 2)
			sample.data[TYPE] = 6;
		load.raw = n == 3;
		fixture_restart(f);
		fixture_file(f, sample.data, sample.size);
		assert_int_equal(loader_raw(&f->loader, &load, &entry), 0);
		assert_int_equal(entry, moved ? UIMAGE_ENTRY : RAM_BASE);
		if (moved)
			check_loaded(f);
		else
			assert_int_equal(fixture_load(f, RAM_BASE, 4), 0x56190527);
	}
}

/* The contents of a ramdisk's uImage are loaded as they are: the kernel unpacks them. */
static void test_ramdisk(void **state)
{
	static const struct {
		unsigned at;
		u8 value;
		const char *says; /* NULL: it is loaded */
	} cases[] = {
		{ COMPRESSION, 0, NULL },
		{ COMPRESSION, 1, NULL },
		{ COMPRESSION, 5, NULL },
		{ TYPE, 2, "is a uImage of type 2, not of a ramdisk (mkimage -T ramdisk)" },
		{ ARCH, 2, "another architecture" },
		{ SIZE, 1, "cut off" },
		{ SIZE + 2, 0, "of an empty file" },
	};
	const struct loader_image kernel = { RAM_BASE, RAM_BASE + MiB, RAM_BASE };
	struct fixture *f = *state;
	struct loader_image image;
	int code;

	for (unsigned n = 0; n < ARRAY_SIZE(cases); n++) {
		sample_make(&sample, SAMPLE_UIMAGE);
		sample.data[TYPE] = 3;
		sample.data[cases[n].at] = cases[n].value;
		sample_sum_uimage(&sample);
		fixture_restart(f);
		code = fixture_initrd(f, fixture_file(f, sample.data, sample.size), &kernel,
				      &image);
		if (cases[n].says) {
			assert_true(code < 0);
			assert_non_null(strstr(f->error.text, cases[n].says));
			continue;
		}
		assert_int_equal(code, 0);
		assert_int_equal(image.end - image.base, IMAGE_FILE_SIZE);
		assert_int_equal(fixture_load(f, image.base + 48, 4), 0x43534952);
		assert_int_equal(fixture_load(f, image.end - 1, 1), IMAGE_LAST_BYTE);
		assert_int_equal(fixture_load(f, image.end, 8), 0);
	}
}

/* The advice fits a uImage that was compressed afterwards. */
static void test_gzipped(void **state)
{
	static struct sample plain;
	struct fixture *f = *state;
	struct loader_image image;

	sample_make(&plain, SAMPLE_UIMAGE);
	sample_gzip(&sample, &plain);
	assert_true(load_kernel(f, &image) < 0);
	assert_non_null(strstr(f->error.text, "is a uImage; unpack it with gzip -d"));
}

static void test_refused(void **state)
{
	static const struct {
		enum sample_kind kind;
		size_t cut; /* the file's size; 0: all of it */
		unsigned at, size;
		u32 value; /* big-endian */
		bool sums; /* right ones after the change */
		const char *says;
	} cases[] = {
		{ SAMPLE_UIMAGE, 63, 0, 0, 0, false, "has a damaged uImage header" },
		{ SAMPLE_UIMAGE, 0, HEADER_CRC, 1, 0x55, false, "has a damaged uImage header" },
		{ SAMPLE_UIMAGE, 0, LOAD, 1, 0x81, false, "has a damaged uImage header" },
		{ SAMPLE_UIMAGE, 0, CONTENTS + 99, 1, 0x55, false, "has damaged contents" },
		{ SAMPLE_UIMAGE_GZIP, 0, CONTENTS + 20, 1, 0x55, false, "has damaged contents" },
		{ SAMPLE_UIMAGE_GZIP, 0, CONTENTS + 20, 1, 0x55, true, "damaged gzip data" },
		{ SAMPLE_UIMAGE, 1000, 0, 0, 0, false, "cut off: has 1000 of 12352 bytes" },
		{ SAMPLE_UIMAGE, 0, SIZE, 4, 0xffffffff, true, "cut off: has 12352 of 4294967359" },
		{ SAMPLE_UIMAGE, 0, SIZE, 4, 0, true, "entry point, 0x80400010, outside of its 0 " },
		{ SAMPLE_UIMAGE_GZIP, 0, SIZE, 4, 9, true, "gzip data ends too early" },
		{ SAMPLE_UIMAGE, 0, ARCH, 1, 2, true, "another architecture (2)" },
		{ SAMPLE_UIMAGE, 0, TYPE, 1, 3, true, "a uImage of type 3, not of a kernel" },
		{ SAMPLE_UIMAGE, 0, COMPRESSION, 1, 5, true, "are lz4-compressed (5); make it by" },
		{ SAMPLE_UIMAGE, 0, COMPRESSION, 1, 99, true, "are otherwise-compressed (99)" },
		{ SAMPLE_UIMAGE_GZIP, 0, COMPRESSION, 1, 0, true,
		  "of a file that is gzip'd; make it by mkimage with -C gzip" },
		{ SAMPLE_UIMAGE, 0, CONTENTS, 4, 0x28b52ffd, true, "zstd-compressed; unpack it" },
		{ SAMPLE_UIMAGE, 0, CONTENTS, 4, 0x7f454c46, true, "file that is an ELF; give that" },
		{ SAMPLE_UIMAGE, 0, ENTRY, 4, 0x80403000, true, "entry point, 0x80403000, outside" },
		{ SAMPLE_UIMAGE, 0, LOAD, 4, 0x40000000, true, "entry point" },
		{ SAMPLE_UIMAGE, 0, CONTENTS + 56, 4, 0, true, "magic2 0x00000000" },
		{ SAMPLE_IMAGE, 0, 0, 4, 0x27051956, false, "has a damaged uImage header" },
	};
	struct fixture *f = *state;
	struct loader_image image;

	for (unsigned n = 0; n < ARRAY_SIZE(cases); n++) {
		u32 value = __builtin_bswap32(cases[n].value) >> (32 - 8 * cases[n].size) % 32;

		sample_make(&sample, cases[n].kind);
		memcpy(sample.data + cases[n].at, &value, cases[n].size);
		if (cases[n].sums)
			sample_sum_uimage(&sample);
		sample.size = cases[n].cut ? cases[n].cut : sample.size;
		assert_true(load_kernel(f, &image) < 0);
		print_message("%s\n", f->error.text);
		assert_non_null(strstr(f->error.text, cases[n].says));
		assert_null(strchr(f->error.text, '\n'));
	}
}

/* A place outside of RAM is refused before anything is written. */
static void test_places(void **state)
{
	static const struct {
		u32 load;
		const char *says;
	} cases[] = {
		{ 0x40000000, "0x40000000 to 0x4000ffff is not in RAM" },
		{ 0xfffff000, "RAM is too small" },
		{ 0x83ff8000, "RAM is too small" },
		{ 0, "is not in RAM" },
	};
	struct fixture *f = *state;
	struct loader_image image;

	for (unsigned n = 0; n < ARRAY_SIZE(cases); n++) {
		u32 load = __builtin_bswap32(cases[n].load);

		sample_make(&sample, SAMPLE_UIMAGE);
		memcpy(sample.data + LOAD, &load, 4);
		memcpy(sample.data + ENTRY, &load, 4);
		sample_sum_uimage(&sample);
		assert_true(load_kernel(f, &image) < 0);
		assert_non_null(strstr(f->error.text, cases[n].says));
	}
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test_setup_teardown(test_kernel, fixture_setup, fixture_teardown),
	cmocka_unit_test_setup_teardown(test_loader_device, fixture_setup, fixture_teardown),
	cmocka_unit_test_setup_teardown(test_ramdisk, fixture_setup, fixture_teardown),
	cmocka_unit_test_setup_teardown(test_gzipped, fixture_setup, fixture_teardown),
	cmocka_unit_test_setup_teardown(test_refused, fixture_setup, fixture_teardown),
	cmocka_unit_test_setup_teardown(test_places, fixture_setup, fixture_teardown),
	{ 0 },
};
