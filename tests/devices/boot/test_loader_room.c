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

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test_setup_teardown(test_advice, fixture_setup, fixture_teardown),
	{ 0 },
};
