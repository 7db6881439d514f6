/* SPDX-License-Identifier: MIT */
/*
 * Tests mtime: the conversion in both directions is exact to the tick, for frequencies that divide
 * the clock's and for others, whatever software has written to mtime.
 */
#include "bus/state.h"
#include "bus/timebase.h"
#include "tests/cmocka.h"

static const u64 frequencies[] = { 10000000, 32768, 3000000, 999999937, CLOCK_HZ, 1 };

static void test_read_follows_the_clock(void **unused)
{
	struct timebase timebase;
	struct clock clock;

	clock_init(&clock, CLOCK_VIRTUAL);
	timebase_init(&timebase, &clock, 10000000);
	assert_int_equal(timebase_read(&timebase), 0);
	clock_advance(&clock, 99);
	assert_int_equal(timebase_read(&timebase), 0);
	clock_advance(&clock, 100);
	assert_int_equal(timebase_read(&timebase), 1);
	timebase_write(&timebase, 5000);
	assert_int_equal(timebase_read(&timebase), 5000);
	clock_advance(&clock, 1100);
	assert_int_equal(timebase_read(&timebase), 5010);
	timebase_write(&timebase, 3);
	assert_int_equal(timebase_read(&timebase), 3);
	clock_free(&clock);
}

/*
 * Checks that the result of a comparison changes when `left` ticks have passed, and not one ns
 * earlier.
 */
static void check_turn(u64 hz, u64 now, u64 time, u64 left, u64 compare)
{
	const u64 written = 0x123456789abcdefull * now, offset = time - written;
	struct timebase timebase;
	struct clock clock;

	clock_init(&clock, CLOCK_VIRTUAL);
	timebase_init(&timebase, &clock, hz);
	clock_advance(&clock, now);
	timebase_write(&timebase, written);
	u64 when = timebase_next_change(&timebase, offset, compare);

	assert_true(when > now);
	clock_advance(&clock, when - 1);
	assert_true(timebase_read(&timebase) - written < left);
	clock_advance(&clock, when);
	assert_true(timebase_read(&timebase) - written >= left);
	clock_free(&clock);
}

/*
 * The result changes when the time reaches the compared value, or, if it is beyond that already,
 * when the time wraps.
 */
static void test_turn_is_the_first_ns(void **unused)
{
	u64 seed = 42;

	for (unsigned i = 0; i < 20000; i++) {
		seed = seed * 6364136223846793005ull + 1442695040888963407ull;
		u64 hz = frequencies[i % ARRAY_SIZE(frequencies)], now = seed >> 20;
		u64 time = seed << 7, left = 1 + (seed >> 50);

		check_turn(hz, now, time, left, time + left);
		check_turn(hz, now, -left, left, 1 + i % 2 * (UINT64_MAX - left));
	}
}

/* A value that was reached counts as reached until the time wraps, and the value 0 always does. */
static void test_turn_behind_the_time_is_its_end(void **unused)
{
	struct timebase timebase;
	struct clock clock;

	clock_init(&clock, CLOCK_VIRTUAL);
	timebase_init(&timebase, &clock, 10000000);
	clock_advance(&clock, 12345);
	assert_true(timebase_next_change(&timebase, 0, 0) == CLOCK_NEVER);
	assert_true(timebase_next_change(&timebase, 0, 123) == CLOCK_NEVER);
	assert_int_equal(timebase_next_change(&timebase, 0, 124), 12400);
	assert_int_equal(timebase_next_change(&timebase, -(u64)133, 1), 13300);
	assert_int_equal(timebase_next_change(&timebase, -(u64)133, UINT64_MAX - 8), 12400);
	assert_true(timebase_next_change(&timebase, -(u64)133, 0) == CLOCK_NEVER);
	clock_free(&clock);
}

static void test_turn_beyond_the_clock_is_never(void **unused)
{
	struct timebase timebase;
	struct clock clock;

	clock_init(&clock, CLOCK_VIRTUAL);
	timebase_init(&timebase, &clock, 10000000);
	assert_true(timebase_next_change(&timebase, 0, UINT64_MAX) == CLOCK_NEVER);
	assert_true(timebase_next_change(&timebase, 0, UINT64_MAX / 100) == CLOCK_NEVER);
	assert_int_equal(timebase_next_change(&timebase, 0, INT64_MAX / 100),
			 INT64_MAX / 100 * 100);
	timebase_write(&timebase, UINT64_MAX - 5);
	assert_int_equal(timebase_next_change(&timebase, 0, UINT64_MAX), 500);
	assert_int_equal(timebase_next_change(&timebase, 0, 1), 600);
	clock_free(&clock);
}

static void count_call(void *ctx)
{
	++*(unsigned *)ctx;
}

static void test_a_write_is_heard(void **unused)
{
	struct timebase timebase;
	struct clock clock;
	unsigned calls = 0;

	clock_init(&clock, CLOCK_VIRTUAL);
	timebase_init(&timebase, &clock, 10000000);
	timebase.written = count_call;
	timebase.ctx = &calls;
	timebase_write(&timebase, 1);
	assert_int_equal(calls, 1);
	clock_free(&clock);
}

static void test_delta_is_state(void **unused)
{
	struct timebase timebase;
	struct clock clock;
	struct state state;

	clock_init(&clock, CLOCK_VIRTUAL);
	state_init(&state);
	timebase_init(&timebase, &clock, 10000000);
	timebase_register_state(&timebase, &state);
	u64 before = state_hash(&state);
	timebase_write(&timebase, 77);
	assert_true(state_hash(&state) != before);
	state_free(&state);
	clock_free(&clock);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_read_follows_the_clock),
	cmocka_unit_test(test_turn_is_the_first_ns),
	cmocka_unit_test(test_turn_behind_the_time_is_its_end),
	cmocka_unit_test(test_turn_beyond_the_clock_is_never),
	cmocka_unit_test(test_a_write_is_heard),
	cmocka_unit_test(test_delta_is_state),
	{ 0 },
};
