/* SPDX-License-Identifier: MIT */
/*
 * mtime: the conversion in both directions is exact to the tick, for frequencies that do and do
 * not divide the clock's, whatever software wrote to mtime.
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

/* At `when` mtime has reached the ticks, one ns before it has not. */
static void check_when(u64 hz, u64 now, u64 written, u64 distance)
{
	struct timebase timebase;
	struct clock clock;

	clock_init(&clock, CLOCK_VIRTUAL);
	timebase_init(&timebase, &clock, hz);
	clock_advance(&clock, now);
	timebase_write(&timebase, written);
	u64 ticks = written + distance;
	u64 when = timebase_when(&timebase, ticks);

	assert_true(when > now);
	clock_advance(&clock, when - 1);
	assert_true(timebase_read(&timebase) < ticks);
	clock_advance(&clock, when);
	assert_true(timebase_read(&timebase) >= ticks);
	assert_int_equal(timebase_when(&timebase, ticks), when);
	clock_free(&clock);
}

static void test_when_is_the_first_ns(void **unused)
{
	u64 seed = 42;

	for (unsigned i = 0; i < 20000; i++) {
		seed = seed * 6364136223846793005ull + 1442695040888963407ull;
		check_when(frequencies[i % ARRAY_SIZE(frequencies)], seed >> 20, seed >> 4,
			   1 + (seed >> 50));
	}
}

static void test_when_in_the_past_is_now(void **unused)
{
	struct timebase timebase;
	struct clock clock;

	clock_init(&clock, CLOCK_VIRTUAL);
	timebase_init(&timebase, &clock, 10000000);
	clock_advance(&clock, 12345);
	assert_int_equal(timebase_when(&timebase, 0), 12345);
	assert_int_equal(timebase_when(&timebase, 123), 12345);
	assert_int_equal(timebase_when(&timebase, 124), 12400);
	clock_free(&clock);
}

static void test_when_beyond_the_clock_is_never(void **unused)
{
	struct timebase timebase;
	struct clock clock;

	clock_init(&clock, CLOCK_VIRTUAL);
	timebase_init(&timebase, &clock, 10000000);
	assert_true(timebase_when(&timebase, UINT64_MAX) == CLOCK_NEVER);
	assert_true(timebase_when(&timebase, UINT64_MAX / 100) == CLOCK_NEVER);
	assert_int_equal(timebase_when(&timebase, INT64_MAX / 100), INT64_MAX / 100 * 100);
	timebase_write(&timebase, UINT64_MAX - 5);
	assert_int_equal(timebase_when(&timebase, UINT64_MAX), 500);
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
	cmocka_unit_test(test_when_is_the_first_ns),
	cmocka_unit_test(test_when_in_the_past_is_now),
	cmocka_unit_test(test_when_beyond_the_clock_is_never),
	cmocka_unit_test(test_a_write_is_heard),
	cmocka_unit_test(test_delta_is_state),
	{ 0 },
};
