/* SPDX-License-Identifier: MIT */
/* Tests the platform: the order of resets, how a machine ends, and how much devices work. */
#include "bus/platform.h"
#include "tests/cmocka.h"

struct part {
	unsigned *turn, mine;
};

static void part_reset(void *self)
{
	struct part *part = self;

	part->mine = ++*part->turn;
}

static void test_resets_run_in_order(void **unused)
{
	struct platform platform;
	unsigned turn = 0;
	struct part parts[3] = { { &turn, 0 }, { &turn, 0 }, { &turn, 0 } };

	platform_init(&platform, CLOCK_VIRTUAL, 1);
	for (unsigned i = 0; i < 3; i++)
		platform_on_reset(&platform, part_reset, &parts[i]);
	platform_reset(&platform);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(parts[i].mine, i + 1);
	platform_reset(&platform);
	assert_int_equal(parts[0].mine, 4);
	/* One part is removed, with everything that is registered in it. */
	platform_forget(&platform, &parts[1], sizeof(parts[1]));
	platform_reset(&platform);
	assert_int_equal(parts[0].mine, 7);
	assert_int_equal(parts[1].mine, 5);
	assert_int_equal(parts[2].mine, 8);
	platform_free(&platform);
}

static void count_stop(void *ctx)
{
	++*(unsigned *)ctx;
}

static void test_the_first_end_counts_until_reset(void **unused)
{
	struct platform platform;
	unsigned stops = 0;

	platform_init(&platform, CLOCK_VIRTUAL, 1);
	platform_end(&platform, MACHINE_FAIL, 3);
	assert_int_equal(platform.end, MACHINE_FAIL);
	platform_reset(&platform);
	assert_int_equal(platform.end, MACHINE_RUNS);
	assert_int_equal(platform.end_code, 0);
	platform.stop = count_stop;
	platform.stop_ctx = &stops;
	platform_end(&platform, MACHINE_FAIL, 7);
	platform_end(&platform, MACHINE_PASS, 0);
	assert_int_equal(platform.end, MACHINE_FAIL);
	assert_int_equal(platform.end_code, 7);
	assert_int_equal(stops, 1);
	platform_free(&platform);
}

static void test_work_stops_the_slice(void **unused)
{
	struct platform platform;
	unsigned stops = 0;
	u64 hash;

	platform_init(&platform, CLOCK_VIRTUAL, 1);
	platform.stop = count_stop;
	platform.stop_ctx = &stops;
	hash = state_hash(&platform.state);
	platform_work(&platform, PLATFORM_WORK_MOST - 1);
	assert_int_equal(stops, 0);
	assert_false(platform_worked(&platform));
	/* Where a hart stops is part of what a saved machine does next. */
	assert_true(state_hash(&platform.state) != hash);
	platform_work(&platform, 1);
	assert_int_equal(stops, 1);
	assert_true(state_hash(&platform.state) == hash);
	assert_true(platform_worked(&platform));
	assert_false(platform_worked(&platform));
	platform_work(&platform, UINT64_MAX);
	platform_work(&platform, UINT64_MAX);
	assert_int_equal(stops, 3);
	platform_free(&platform);
}

static void test_two_platforms_share_nothing(void **unused)
{
	struct platform a, b;

	platform_init(&a, CLOCK_VIRTUAL, 1);
	platform_init(&b, CLOCK_VIRTUAL, 1);
	assert_true(state_hash(&a.state) == state_hash(&b.state));
	clock_advance(&a.clock, 10);
	assert_int_equal(clock_now(&b.clock), 0);
	assert_true(state_hash(&a.state) != state_hash(&b.state));
	platform_free(&a);
	platform_free(&b);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_resets_run_in_order),
	cmocka_unit_test(test_the_first_end_counts_until_reset),
	cmocka_unit_test(test_work_stops_the_slice),
	cmocka_unit_test(test_two_platforms_share_nothing),
	{ 0 },
};
