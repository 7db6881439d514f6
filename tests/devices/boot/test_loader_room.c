/* SPDX-License-Identifier: MIT */
/* Tests what the loader says when RAM is too small for the files of a boot. */
#include "tests/cmocka.h"

#include "loader_fixture.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Loads kernel, device tree and initrd into RAM of this size. */
static int load_all(struct fixture *f, const char *initrd, u64 ram_size)
{
	static struct sample kernel, tree;
	const u64 memory = 6 * MiB;
	struct loader_image image, place;
	struct loader_dtb dtb;
	int code;

	sample_make(&kernel, SAMPLE_IMAGE);
	memcpy(kernel.data + 16, &memory, 8);
	sample_make(&tree, SAMPLE_DTB);
	fixture_restart(f);
	f->loader.ram_size = ram_size;
	f->loader.initrd = initrd;
	fixture_file(f, kernel.data, kernel.size);
	code = loader_kernel(&f->loader, f->path, RAM_BASE, &image);
	fixture_file(f, tree.data, tree.size);
	if (code || loader_dtb_read(&f->loader, f->path, &dtb))
		return -1;
	code = loader_dtb_place(&f->loader, &dtb, "x");
	if (!code)
		code = loader_initrd(&f->loader, &image, &place);
	free(dtb.blob);
	return code;
}

/* Writes an entry of a cpio archive of the format newc, with zeros as its contents. */
static void put_entry(struct fixture *f, u64 at, const char *name, u64 size)
{
	char header[111 + 16];
	int length = snprintf(header, sizeof(header), "070701%048x%08llx%032x%08zx%08x%s", 0, size,
			      0, strlen(name) + 1, 0, name);

	assert_int_equal(pwrite(f->fd, header, (size_t)length, (off_t)at), length);
	assert_int_equal(ftruncate(f->fd, (off_t)(at + align_up((u64)length + 1, 4) + size)), 0);
}

/* Whichever file does not fit, the advice is the same, and it is enough for all. */
static void test_advice(void **state)
{
	static const struct {
		u64 packed, unpacked, archive;
		unsigned advice;
	} cases[] = { { 4 * MiB, 0, 0, 14 }, { 0, 4 * MiB, 0, 30 }, { 0, 0, 4 * MiB, 38 } };
	static struct fixture other;
	static struct sample zeros;

	fixture_open(&other);
	for (unsigned n = 0; n < ARRAY_SIZE(cases); n++) {
		char advice[16];
		unsigned refused = 0;

		zeros.size = 0;
		if (cases[n].unpacked)
			sample_add_zeros(&zeros, cases[n].unpacked);
		fixture_file(&other, zeros.data, zeros.size);
		if (cases[n].packed)
			assert_int_equal(ftruncate(other.fd, (off_t)cases[n].packed), 0);
		if (cases[n].archive) {
			put_entry(&other, 0, "a", cases[n].archive);
			put_entry(&other, 112 + cases[n].archive, "TRAILER!!!", 0);
		}
		snprintf(advice, sizeof(advice), "give -m %uM", cases[n].advice);
		for (u64 size = MiB; load_all(*state, other.path, size); size += MiB) {
			assert_non_null(strstr(((struct fixture *)*state)->error.text, advice));
			refused++;
		}
		assert_in_range(refused, 10, cases[n].advice - 1);
		assert_int_equal(load_all(*state, other.path, cases[n].advice * MiB), 0);
	}
	fixture_close(&other);
}

/* Checks that the kernel is refused with this advice. */
static void room_check(struct fixture *f, u64 ram_size, const char *file, const char *advice)
{
	struct loader_image image;

	f->loader.ram_size = ram_size;
	f->loader.count = 0;
	assert_true(loader_kernel(&f->loader, file, RAM_BASE, &image) < 0);
	assert_non_null(strstr(f->error.text, advice));
}

/* The advice for the kernel counts all files of -device loader that can be loaded at all. */
static void test_advice_for_loads(void **state)
{
	static struct sample image, elf, hex;
	static struct fixture raw, other, text;
	struct fixture *f = *state;
	struct board_load loads[] = {
		{ .file = "/nonexistent" },
		{ .addr = RAM_BASE + 90 * MiB, .data_size = 8 },
		{ .addr = RAM_BASE + 20 * MiB, .has_addr = true },
		{ .file = NULL },
		{ .file = NULL },
	};

	fixture_restart(f);
	fixture_open(&raw);
	fixture_open(&other);
	fixture_open(&text);
	sample_make(&image, SAMPLE_IMAGE);
	sample_make(&elf, SAMPLE_ELF);
	sample_make(&hex, SAMPLE_HEX);
	loads[2].file = fixture_file(&raw, elf.data, elf.size);
	loads[2].raw = true;
	loads[3].file = fixture_file(&other, elf.data, elf.size);
	loads[4].file = fixture_file(&text, hex.data, hex.size);
	fixture_file(f, image.data, image.size);
	f->loader.loads = loads;
	f->loader.load_count = 2;
	room_check(f, 8 * KiB, f->path, "give -m 5M");
	f->loader.load_count = ARRAY_SIZE(loads);
	room_check(f, 8 * KiB, f->path, "give -m 23M");
	assert_int_equal(ftruncate(raw.fd, (off_t)(5 * MiB)), 0);
	room_check(f, 8 * KiB, f->path, "give -m 27M");
	fixture_close(&text);
	fixture_close(&other);
	fixture_close(&raw);
}

/* The advice for a file with gaps counts its last piece, whichever does not fit first. */
static void test_advice_for_pieces(void **state)
{
	static const char hex[] = ":02000004800179\n:0100000011EE\n"
				  ":02000004880171\n:0100000022DD\n:00000001FF\n";
	static struct sample elf;
	struct fixture *f = *state;
	const u64 far = RAM_BASE + 0x8010000, nowhere = SAMPLE_VIRTUAL;

	fixture_restart(f);
	fixture_file(f, hex, strlen(hex));
	room_check(f, 64 * KiB, f->path, "give -m 131M");
	room_check(f, MiB, f->path, "give -m 131M");
	sample_make(&elf, SAMPLE_ELF);
	memcpy(elf.data + 64 + 56 + 24, &far, 8); /* p_paddr of the second segment */
	fixture_file(f, elf.data, elf.size);
	room_check(f, 256, f->path, "give -m 131M");
	room_check(f, MiB, f->path, "give -m 131M");
	memcpy(elf.data + 64 + 56 + 24, &nowhere, 8);
	fixture_file(f, elf.data, elf.size);
	room_check(f, 256, f->path, "give -m 3M");
	room_check(f, MiB, f->path, "is not in RAM");
}

/* More RAM is not advised where the device tree would not be below 3 GiB. */
static void test_tree_without_room(void **state)
{
	static struct sample tree;
	struct fixture *f = *state;
	struct loader_dtb dtb;

	for (unsigned n = 0; n < 2; n++) {
		sample_make(&tree, SAMPLE_DTB);
		fixture_restart(f);
		f->loader.ram_size = n ? 8 * GiB : 100 * MiB;
		f->loader.ranges[f->loader.count++] = (struct loader_range){
			RAM_BASE, RAM_BASE + (n ? 2 * GiB : 100 * MiB), "loader file", "x", false
		};
		fixture_file(f, tree.data, tree.size);
		assert_int_equal(loader_dtb_read(&f->loader, f->path, &dtb), 0);
		assert_true(loader_dtb_place(&f->loader, &dtb, NULL) < 0);
		assert_non_null(
			strstr(f->error.text, n ? "has to be below 0xc0000000" : "give -m 102M"));
		free(dtb.blob);
	}
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test_setup_teardown(test_advice, fixture_setup, fixture_teardown),
	cmocka_unit_test_setup_teardown(test_advice_for_loads, fixture_setup, fixture_teardown),
	cmocka_unit_test_setup_teardown(test_advice_for_pieces, fixture_setup, fixture_teardown),
	cmocka_unit_test_setup_teardown(test_tree_without_room, fixture_setup, fixture_teardown),
	{ 0 },
};
