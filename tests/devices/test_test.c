/* SPDX-License-Identifier: MIT */
/*
 * Tests SiFive's test finisher: the effect of each command on the machine, and that other values
 * have no effect.
 */
#include "tests/devices/fixture.h"

#include "devices/memmap.h"
#include "devices/test.h"

struct machine {
	struct fixture f;
	struct test test;
	unsigned stops;
};

static void count_stop(void *ctx)
{
	((struct machine *)ctx)->stops++;
}

static int setup(void **state)
{
	struct machine *machine = calloc(1, sizeof(*machine));

	fixture_init(&machine->f, CLOCK_VIRTUAL);
	assert_int_equal(test_attach(&machine->test, &machine->f.platform, FIXTURE_BASE), 0);
	machine->f.platform.stop = count_stop;
	machine->f.platform.stop_ctx = machine;
	platform_reset(&machine->f.platform);
	*state = machine;
	return 0;
}

static void test_orders(void **state)
{
	static const struct {
		u32 value;
		u8 size;
		enum machine_end end;
		u64 code;
	} rows[] = {
		{ 0x5555, 4, MACHINE_PASS, 0 },
		{ 0x5555, 2, MACHINE_PASS, 0 },
		{ 0x12345555, 4, MACHINE_PASS, 0 },
		{ 0x3333, 4, MACHINE_FAIL, 0 },
		{ 0x00073333, 4, MACHINE_FAIL, 7 },
		{ 0xffff3333, 4, MACHINE_FAIL, 0xffff },
		{ 0x7777, 4, MACHINE_RESET, 0 },
		{ 0x0000, 4, MACHINE_RUNS, 0 },
		{ 0x5554, 4, MACHINE_RUNS, 0 },
		{ 0x55550000, 4, MACHINE_RUNS, 0 },
	};
	struct machine *m = *state;

	for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
		platform_reset(&m->f.platform);
		m->stops = 0;
		fixture_write(&m->f, 0, rows[i].size, rows[i].value);
		assert_int_equal(m->f.platform.end, rows[i].end);
		assert_int_equal(m->f.platform.end_code, rows[i].code);
		assert_int_equal(m->stops, rows[i].end != MACHINE_RUNS);
	}
}

static void test_other_words_do_nothing(void **state)
{
	struct machine *m = *state;

	for (u64 offset = 4; offset < TEST_SIZE; offset += 4) {
		fixture_write(&m->f, offset, 4, 0x5555);
		assert_int_equal(fixture_read(&m->f, offset, 4), 0);
	}
	assert_int_equal(m->f.platform.end, MACHINE_RUNS);
	assert_int_equal(fixture_read(&m->f, 0, 4), 0);
}

static void test_sizes(void **state)
{
	struct machine *m = *state;

	assert_false(fixture_writes(&m->f, 0, 1, 0x55));
	assert_false(fixture_writes(&m->f, 0, 8, 0x5555));
	assert_false(fixture_reads(&m->f, 0, 8));
	assert_int_equal(m->f.platform.end, MACHINE_RUNS);
	fixture_sweep(&m->f, TEST_SIZE, 32, 8);
}

#define UNIT(test) cmocka_unit_test_setup_teardown(test, setup, fixture_teardown)

const struct CMUnitTest unit_tests[] = {
	UNIT(test_orders),
	UNIT(test_other_words_do_nothing),
	UNIT(test_sizes),
	{ 0 },
};
