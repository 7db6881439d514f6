/* SPDX-License-Identifier: MIT */
/* fixture_state.h must find a register that is missing in the state of a device. */
#include "tests/devices/fixture_state.h"

struct bench {
	struct fixture f;
	u32 value[2];
};

static bool bench_read(void *ctx, u64 offset, unsigned size, u64 *value)
{
	struct bench *bench = ctx;

	(void)size;
	*value = bench->value[offset / 4];
	return true;
}

static bool bench_write(void *ctx, u64 offset, unsigned size, u64 value)
{
	struct bench *bench = ctx;

	(void)size;
	bench->value[offset / 4] = (u32)value;
	return true;
}

static void bench_reset(void *self)
{
	struct bench *bench = self;

	bench->value[0] = bench->value[1] = 0;
}

static const struct state_field fields[] = { STATE_ARRAY(struct bench, value) };
static const struct bus_ops ops = { .read = bench_read, .write = bench_write };

static int setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	assert_non_null(bench);
	fixture_init(&bench->f, CLOCK_VIRTUAL);
	const struct region region = {
		.name = "bench",
		.base = FIXTURE_BASE,
		.size = sizeof(bench->value),
		.min = 4,
		.max = 4,
		.ops = &ops,
		.ctx = bench,
	};
	assert_int_equal(bus_attach(&bench->f.platform.bus, &region), 0);
	platform_on_reset(&bench->f.platform, bench_reset, bench);
	*state = bench;
	return 0;
}

static void test_complete(void **state)
{
	static const struct state_type type = { .version = 1, .fields = fields, .count = 1 };
	struct bench *bench = *state;

	state_register(&bench->f.platform.state, "bench", &type, bench);
	fixture_write(&bench->f, 0, 4, 5);
	fixture_write(&bench->f, 4, 4, 6);
	assert_true(fixture_state_complete(&bench->f));
	assert_int_equal(fixture_read(&bench->f, 0, 4), 5);
	assert_int_equal(fixture_read(&bench->f, 4, 4), 6);
}

/* The second register is missing in the table. */
static void test_incomplete(void **state)
{
	static const struct state_field first[] = {
		{ "first", offsetof(struct bench, value), sizeof(u32), 1, false },
	};
	static const struct state_type type = { .version = 1, .fields = first, .count = 1 };
	struct bench *bench = *state;

	state_register(&bench->f.platform.state, "bench", &type, bench);
	fixture_write(&bench->f, 0, 4, 5);
	assert_true(fixture_state_complete(&bench->f));
	fixture_write(&bench->f, 4, 4, 6);
	assert_false(fixture_state_complete(&bench->f));
}

#define UNIT(test) cmocka_unit_test_setup_teardown(test, setup, fixture_teardown)

const struct CMUnitTest unit_tests[] = { UNIT(test_complete), UNIT(test_incomplete), { 0 } };
