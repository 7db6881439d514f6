/* SPDX-License-Identifier: MIT */
/*
 * With the virtual clock a run is a function of the machine and the seed: the bundled guest boots,
 * works and powers off with the same state at the same instruction counts, when run again, in the
 * other tiers, when stopped at random points on the way, and whatever was in the host's memory.
 * Each of these is tried with one hart, and each number of harts with some of them.
 * BAYA_BOOT_MILLIONS ends runs earlier, for slow builds.
 */
#include "tests/cmocka.h"
#include "tests/setting.h"
#include "tests/system/boot/boot.h"

#include <stdio.h>
#include <string.h>

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
	u64 end = setting("BAYA_BOOT_MILLIONS", FINISHES / 1000000) * 1000000;
	struct boot boot;
	u64 stops = 12345;

	memset(record, 0, sizeof(*record));
	boot_start(&boot, config);
	do {
		u64 until = record->points < POINTS ? (record->points + 1) * PER_POINT : FINISHES;

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
				 MIN(n + 1, POINTS) * PER_POINT / 1000000);
	assert_int_equal(a->points, b->points);
	assert_int_equal(a->instructions, b->instructions);
	assert_int_equal(a->written, b->written);
	assert_int_equal(a->written_hash, b->written_hash);
}

/* A run that must be as the first one. */
struct way {
	enum board_engine engine;
	bool cut;
	u8 garbage;
	const char *name;
};

static const struct way again = { ENGINE_JIT, false, 0x55, "native code, the second time" };
static const struct way cut = { ENGINE_JIT, true, 0x55, "native code, cut at random points" };
static const struct way threaded = { ENGINE_THREADED, true, 0x55,
				     "threaded code, cut at random points" };
static const struct way interpreted = { ENGINE_INTERP, true, 0x7e,
					"the interpreter, cut at random points" };

static void test_runs(unsigned harts, unsigned count, const struct way *const *ways)
{
	struct boot_config config = { .harts = harts, .engine = ENGINE_JIT, .seed = 1 };
	struct record first, other;

	record(&first, &config, false);
	for (unsigned n = 0; n < count; n++) {
		config.garbage = ways[n]->garbage;
		config.engine = ways[n]->engine;
		record(&other, &config, ways[n]->cut);
		assert_same(&first, &other, ways[n]->name);
	}
	print_message("%u harts: %llu instructions, %llu bytes written, hash %016llx\n", harts,
		      first.instructions, first.written, first.hash[first.points - 1]);
}

static void test_one_hart(void **state)
{
	static const struct way *const ways[] = { &again, &cut, &threaded, &interpreted };

	test_runs(1, ARRAY_SIZE(ways), ways);
}

static void test_four_harts(void **state)
{
	static const struct way *const ways[] = { &cut };

	test_runs(4, ARRAY_SIZE(ways), ways);
}

/* The machine has its maximum of harts, of which the bundled kernel uses 32. */
static void test_all_harts(void **state)
{
	static const struct way *const ways[] = { &threaded };

	test_runs(BOARD_HARTS_MAX, ARRAY_SIZE(ways), ways);
}

/* The comparison would notice a difference: another seed gives another run. */
static void test_seed_matters(void **state)
{
	struct boot_config config = { .harts = 1, .engine = ENGINE_JIT, .seed = 1 };
	u64 hash[2];

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

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_seed_matters),
	cmocka_unit_test(test_one_hart),
	cmocka_unit_test(test_four_harts),
	cmocka_unit_test(test_all_harts),
	{ 0 },
};
