/* SPDX-License-Identifier: MIT */
/*
 * With the virtual clock a run is a function of the machine and the seed: the bundled guest boots,
 * works and powers off with the same state at the same instruction counts, when run again, in the
 * other tier, when stopped at random points on the way, and whatever was in the host's memory.
 * BAYA_BOOT_MILLIONS ends runs earlier, for slow builds.
 */
#include "tests/system/boot.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define POINTS 4
#define PER_POINT 40000000ull /* instructions between two looks at the state */
#define FINISHES (10 * POINTS * PER_POINT) /* more than the work takes */

/* Everything of a run that can be observed. */
struct record {
	u64 hash[POINTS + 1], instructions, written, written_hash;
	enum board_exit left;
	unsigned points;
};

/* Records a whole boot; `cut` stops it at random points. */
static void record(struct record *record, const struct boot_config *config, bool cut)
{
	u64 end = boot_number("BAYA_BOOT_MILLIONS", FINISHES / 1000000) * 1000000;
	struct boot boot;
	u64 stops = 12345;

	memset(record, 0, sizeof(*record));
	boot_start(&boot, config);
	do {
		u64 until = record->points < POINTS ? (record->points + 1) * PER_POINT :
						      FINISHES;

		record->left = boot_run_to(&boot, MIN(until, end), cut ? &stops : NULL);
		record->hash[record->points++] = boot_hash(&boot);
	} while (record->left == BOARD_LIMIT && boot_instructions(&boot) < end);
	record->instructions = boot_instructions(&boot);
	record->written = boot.written;
	record->written_hash = boot.written_hash;
	if (end == FINISHES &&
	    (record->left != BOARD_ENDED || !strstr(boot.text, "run: exit status 0")))
		fail_msg("the guest did not do its work; it wrote last:\n%s", boot.text);
	boot_free(&boot);
}

static void assert_same(const struct record *a, const struct record *b, const char *what)
{
	for (unsigned n = 0; n < a->points; n++)
		if (a->hash[n] != b->hash[n])
			fail_msg("%s: another state after %llu million instructions", what,
				 (unsigned long long)(MIN(n + 1, POINTS) * PER_POINT / 1000000));
	assert_int_equal(a->points, b->points);
	assert_int_equal(a->instructions, b->instructions);
	assert_int_equal(a->written, b->written);
	assert_int_equal(a->written_hash, b->written_hash);
}

static void test_runs(unsigned harts)
{
	struct boot_config config = { .harts = harts, .engine = ENGINE_THREADED, .seed = 1 };
	struct record first, other;

	record(&first, &config, false);
	config.garbage = 0x55;
	record(&other, &config, false);
	assert_same(&first, &other, "threaded code, the second time");
	record(&other, &config, true);
	assert_same(&first, &other, "threaded code, cut at random points");
	config.garbage = 0x7e;
	config.engine = ENGINE_INTERP;
	record(&other, &config, true);
	assert_same(&first, &other, "the interpreter, cut at random points");
	print_message("%u harts: %llu instructions, %llu bytes written, hash %016llx\n", harts,
		      (unsigned long long)first.instructions, (unsigned long long)first.written,
		      (unsigned long long)first.hash[first.points - 1]);
}

static void test_one_hart(void **state)
{
	(void)state;
	test_runs(1);
}

static void test_four_harts(void **state)
{
	(void)state;
	test_runs(4);
}

/* The machine has its maximum of harts, of which the bundled kernel uses 32. */
static void test_all_harts(void **state)
{
	(void)state;
	test_runs(BOARD_HARTS_MAX);
}

/* The comparison would notice a difference: another seed gives another run. */
static void test_seed_matters(void **state)
{
	struct boot_config config = { .harts = 1, .engine = ENGINE_THREADED, .seed = 1 };
	u64 hash[2];

	(void)state;
	for (; config.seed <= 2; config.seed++) {
		struct boot boot;

		boot_start(&boot, &config);
		assert_int_equal(boot_run_to(&boot, 1000000, NULL), BOARD_LIMIT);
		assert_int_equal(boot_instructions(&boot), 1000000);
		hash[config.seed - 1] = boot_hash(&boot);
		boot_free(&boot);
	}
	assert_int_not_equal(hash[0], hash[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_seed_matters),
		cmocka_unit_test(test_one_hart),
		cmocka_unit_test(test_four_harts),
		cmocka_unit_test(test_all_harts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
