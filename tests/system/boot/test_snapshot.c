/* SPDX-License-Identifier: MIT */
/*
 * The registered state is complete: it is saved to memory at random points of a boot and loaded
 * into a second machine in the same process, of the same or another engine, with each kind of
 * interrupt controller; both machines are equal then and a million instructions later. What the
 * interpreter saves is loaded in test_compare.c. BAYA_SNAPSHOTS and BAYA_BOOT_MILLIONS make the
 * test shorter, for slow builds.
 */
#include "tests/cmocka.h"
#include "tests/setting.h"
#include "tests/system/boot/boot.h"

#include "tests/cpu/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define POINTS 50
#define FEW_POINTS 8 /* where there are many harts */
#define BOOT_MILLIONS 240 /* instructions, which points are spread over */
#define FURTHER 1000000

static int compare_u64(const void *a, const void *b)
{
	u64 left = *(const u64 *)a, right = *(const u64 *)b;

	return left < right ? -1 : left > right;
}

/* Chooses points at least FURTHER apart, so that the first machine can go on to the next one. */
static unsigned choose_points(u64 *points, u64 *seed, unsigned most)
{
	unsigned count = (unsigned)MIN(setting("BAYA_SNAPSHOTS", most), most);
	u64 room = setting("BAYA_BOOT_MILLIONS", BOOT_MILLIONS) * 1000000 - count * (u64)FURTHER;

	for (unsigned n = 0; n < count; n++)
		points[n] = random_u64(seed) % room;
	qsort(points, count, sizeof(*points), compare_u64);
	for (unsigned n = 0; n < count; n++)
		points[n] += n * (u64)FURTHER;
	return count;
}

static void assert_same(struct boot *a, struct boot *b, u64 point, const char *when)
{
	char difference[256];

	if (boot_hash(a) == boot_hash(b))
		return;
	if (!state_diff(boot_state(a), boot_state(b), difference, sizeof(difference)))
		strcpy(difference, "the hashes differ, the fields do not");
	fail_msg("saved after %llu instructions, %s: %s", point, when, difference);
}

/* Saves `from` as it is, loads it into `to`, and runs both. */
static void copy_and_run(struct boot *from, struct boot *to, u64 point, struct state_image *image)
{
	image->size = 0;
	assert_int_equal(state_save(boot_state(from), image), 0);
	assert_int_equal(state_load(boot_state(to), image->data, image->size), 0);
	assert_same(from, to, point, "at once");
	to->written = from->written;
	assert_int_equal(boot_run_to(from, point + FURTHER, NULL),
			 boot_run_to(to, point + FURTHER, NULL));
	assert_int_equal(boot_instructions(from), boot_instructions(to));
	assert_int_equal(from->written, to->written);
	assert_same(from, to, point, "a million instructions later");
}

static void test_points(struct boot_config config, enum board_engine to_engine, u64 seed)
{
	struct state_image image = { 0 };
	struct boot from, to;
	u64 points[POINTS];
	unsigned count = choose_points(points, &seed, config.harts ? FEW_POINTS : POINTS);
	size_t largest = 0;

	config.harts = config.harts ? config.harts : 4;
	config.seed = 1;
	boot_start(&from, &config);
	config.engine = to_engine;
	boot_start(&to, &config);
	for (unsigned n = 0; n < count; n++) {
		struct board_error error;

		assert_int_equal(boot_run_to(&from, points[n], NULL), BOARD_LIMIT);
		/* The second machine has run before, or is fresh from reset, in turn: its former
		 * state must not matter. */
		if (n % 2)
			assert_int_equal(board_reset(to.board, &error), 0);
		copy_and_run(&from, &to, points[n], &image);
		largest = MAX(largest, image.size);
	}
	print_message("%u points up to %llu million instructions, images up to %zu MiB\n", count,
		      points[count - 1] / 1000000, largest / (size_t)MiB);
	free(image.data);
	boot_free(&from);
	boot_free(&to);
}

static void test_native(void **state)
{
	test_points((struct boot_config){ .engine = ENGINE_JIT }, ENGINE_JIT, 11);
}

static void test_native_into_interpreter(void **state)
{
	test_points((struct boot_config){ .engine = ENGINE_JIT, .aia = BOARD_AIA_APLIC },
		    ENGINE_INTERP, 22);
}

static void test_threaded_into_interpreter(void **state)
{
	test_points((struct boot_config){ .engine = ENGINE_THREADED, .aia = BOARD_AIA_APLIC_IMSIC },
		    ENGINE_INTERP, 33);
}

static void test_many_harts(void **state)
{
	test_points((struct boot_config){ .engine = ENGINE_THREADED,
					  .harts = BOARD_HARTS_MAX,
					  .aclint = true },
		    ENGINE_JIT, 44);
}

/* An image that is cut or of another machine is refused, and reset makes the machine whole. */
static void test_refused(void **state)
{
	const struct boot_config config = { .harts = 1, .engine = ENGINE_THREADED, .seed = 1 };
	const struct boot_config four = { .harts = 4, .engine = ENGINE_THREADED, .seed = 1 };
	struct state_image image = { 0 };
	struct board_error error;
	struct boot boot, other;
	u64 fresh;

	boot_start(&boot, &config);
	boot_start(&other, &four);
	fresh = boot_hash(&boot);
	assert_int_equal(boot_run_to(&boot, 3000000, NULL), BOARD_LIMIT);
	assert_int_equal(state_save(boot_state(&boot), &image), 0);
	assert_true(state_load(boot_state(&other), image.data, image.size) < 0);
	for (u64 n = 0, seed = 5; n < 20; n++)
		assert_true(state_load(boot_state(&boot), image.data,
				       random_u64(&seed) % image.size) < 0);
	board_limit(boot.board, UINT64_MAX);
	assert_int_equal(board_reset(boot.board, &error), 0);
	assert_int_equal(state_load(boot_state(&boot), image.data, image.size), 0);
	assert_int_equal(boot_run_to(&boot, 4000000, NULL), BOARD_LIMIT);
	assert_int_not_equal(boot_hash(&boot), fresh);
	free(image.data);
	boot_free(&boot);
	boot_free(&other);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_refused),
	cmocka_unit_test(test_native),
	cmocka_unit_test(test_native_into_interpreter),
	cmocka_unit_test(test_threaded_into_interpreter),
	cmocka_unit_test(test_many_harts),
	{ 0 },
};
