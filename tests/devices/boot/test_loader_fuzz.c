/* SPDX-License-Identifier: MIT */
/*
 * Damages good files of every kind at random, and loads them through every option that accepts the
 * kind: either the file is loaded into RAM, or there is an error of one line. BAYA_FUZZ_SEED and
 * BAYA_FUZZ_COUNT in the environment choose another run; a failure prints the seed of the file that
 * failed.
 */
#include "loader_fixture.h"
#include "tests/cmocka.h"
#include "tests/part.h"
#include "tests/setting.h"

#include <stdlib.h>
#include <string.h>

#define COUNT_DEFAULT 20000
#define SEED_DEFAULT 1

/* splitmix64 */
static u64 loader_fuzz_next_random(u64 *seed)
{
	u64 z = *seed += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static u64 loader_fuzz_below(u64 *seed, u64 limit)
{
	return loader_fuzz_next_random(seed) % limit;
}

/*
 * Chooses an offset. Most fields are in the first bytes and, in an ELF, in the section headers at
 * the end.
 */
static size_t pick_offset(u64 *seed, size_t size)
{
	size_t near = MIN(size, 256);

	switch (loader_fuzz_below(seed, 3)) {
	case 0:
		return loader_fuzz_below(seed, near);
	case 1:
		return size - 1 - loader_fuzz_below(seed, MIN(size, 1024));
	default:
		return loader_fuzz_below(seed, size);
	}
}

static void mutate(struct sample *s, u64 *seed)
{
	static const u64 edges[] = {0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0xffffffff,
				    0x80000000, 0x83ffffff, 1ull << 63, UINT64_MAX, UINT64_MAX - 7};
	size_t at = pick_offset(seed, s->size);
	size_t width = 1ull << loader_fuzz_below(seed, 4);
	u64 value;

	width = MIN(width, s->size - at);
	memcpy(&value, s->data + at, width);
	switch (loader_fuzz_below(seed, 5)) {
	case 0:
		s->data[at] ^= (u8)(1u << loader_fuzz_below(seed, 8));
		break;
	case 1:
		memcpy(s->data + at, &edges[loader_fuzz_below(seed, ARRAY_SIZE(edges))], width);
		break;
	case 2:
		value += loader_fuzz_below(seed, 33) - 16;
		memcpy(s->data + at, &value, width);
		break;
	case 3:
		memmove(s->data + at, s->data + pick_offset(seed, s->size - width + 1), width);
		break;
	default:
		if (loader_fuzz_below(seed, 4) == 0)
			s->size = MAX(at, 1);
		else
			s->data[at] = (u8)loader_fuzz_next_random(seed);
	}
}

static void loader_fuzz_check(struct fixture *f, int code, const struct loader_image *image)
{
	const char *text = f->error.text;

	if (code == 0) {
		assert_true(image->base >= RAM_BASE && image->base < image->end);
		assert_true(image->end <= RAM_BASE + RAM_SIZE);
		assert_true(image->entry >= image->base && image->entry < image->end);
		assert_int_equal(text[0], 0);
		return;
	}
	assert_true(code < 0);
	assert_int_equal(f->error.exit_code, 3);
	assert_non_null(strstr(text, f->path));
	assert_null(strchr(text, '\n'));
	assert_in_range(strlen(text), strlen(f->path) + 10, sizeof(f->error.text) - 2);
}

static int load_dtb(struct fixture *f, const char *file, struct loader_image *image)
{
	struct loader_image initrd = { RAM_BASE, RAM_BASE + MiB, 0 };
	struct loader_dtb dtb;
	int code = loader_dtb_read(&f->loader, file, &dtb);

	if (!code)
		code = loader_dtb_place(&f->loader, &dtb, "console=ttyS0");
	if (!code)
		code = loader_dtb_finish(&f->loader, &dtb, &initrd);
	*image = (struct loader_image){ dtb.addr, dtb.addr + dtb.size, dtb.addr };
	free(dtb.blob);
	return code;
}

/* Loads the file through the option for its kind. */
static int loader_fuzz_load(struct fixture *f, enum sample_kind kind, bool other,
			    struct loader_image *image)
{
	struct loader_image kernel = { RAM_BASE + 2 * MiB, RAM_BASE + 4 * MiB, 0 };

	if (kind == SAMPLE_DTB)
		return load_dtb(f, f->path, image);
	if (kind == SAMPLE_CPIO || kind == SAMPLE_CPIO_GZIP)
		return fixture_initrd(f, f->path, &kernel, image);
	if (kind == SAMPLE_ELF && other)
		return loader_program(&f->loader, f->path, image);
	if (kind == SAMPLE_VMLINUX && other)
		return loader_firmware(&f->loader, f->path, image);
	return loader_kernel(&f->loader, f->path, RAM_BASE, image);
}

static void test_mutants(void **state)
{
	static struct sample good[SAMPLES], mutant;
	static struct fixture f;
	u64 first = setting("BAYA_FUZZ_SEED", SEED_DEFAULT);
	u64 count = setting("BAYA_FUZZ_COUNT", part_of(COUNT_DEFAULT));
	u64 loaded = 0;

	fixture_open(&f);
	for (unsigned i = 0; i < SAMPLES; i++)
		sample_make(&good[i], i);
	print_message("seed %llu, %llu mutants\n", first, count);
	for (u64 n = 0; n < count; n++) {
		u64 seed = first + n, addr;
		struct loader_image image;
		enum sample_kind kind = (enum sample_kind)loader_fuzz_below(&seed, SAMPLES);
		char text[40];
		int code;

		mutant = good[kind];
		for (u64 i = loader_fuzz_below(&seed, 6) + 1; i; i--)
			mutate(&mutant, &seed);
		/* With wrong checksums nothing else of a uImage would be used. */
		if (kind == SAMPLE_UIMAGE || kind == SAMPLE_UIMAGE_GZIP)
			sample_sum_uimage(&mutant);
		fixture_restart(&f);
		fixture_file(&f, mutant.data, mutant.size);
		code = loader_fuzz_load(&f, kind, loader_fuzz_below(&seed, 2), &image);
		if (code == 0 ? image.end > RAM_BASE + RAM_SIZE : f.error.exit_code != 3)
			print_error("BAYA_FUZZ_SEED=%llu BAYA_FUZZ_COUNT=1\n", first + n);
		loader_fuzz_check(&f, code, &image);
		loaded += code == 0;
		/* Symbol tables may be damaged as well. */
		symbols_name(&f.symbols, RAM_BASE + loader_fuzz_below(&seed, 0x3000), text,
			     sizeof(text));
		symbols_find(&f.symbols, "tohost", &addr);
	}
	/* Both outcomes must have occurred: otherwise the damage is too weak or too strong. */
	print_message("%llu loaded\n", loaded);
	if (count >= COUNT_DEFAULT)
		assert_in_range(loaded, count / 20, count / 20 * 19);
	fixture_close(&f);
}

const struct CMUnitTest unit_tests[] = { cmocka_unit_test(test_mutants), { 0 } };
