/* SPDX-License-Identifier: MIT */
/* Tests which hart runs with the virtual clock: slices of two harts, of which one may wait. */
#include "tests/cpu/fixture.h"

#include "cpu/hart/harts.h"
#include "cpu/hart/storage.h"
#include "cpu/isa/csr_bits.h"

/* Counts from 20480 to 0, signals the other hart by a store, and then loops for ever. */
static const u32 program[] = {
	0x000052b7, /* lui t0, 5 */
	0xfff28293, /* addi t0, t0, -1 */
	0xfe029ee3, /* bnez t0, -4 */
	0x00052023, /* sw zero, (a0) */
	0x0000006f, /* j 0 */
};
#define STEPS_TO_SIGNAL (1 + 2 * 20480 + 1)
/* By how many steps a hart may be ahead of another one that runs (harts.c), and some more. */
#define SLICE_MOST 5010

struct pair {
	struct machine machine; /* without its hart */
	struct harts harts;
	bool works; /* the store makes a device work, instead of signalling */
};

static bool signal_other(void *ctx, u64 offset, unsigned size, u64 value)
{
	struct pair *pair = ctx;

	if (pair->works)
		platform_work(&pair->machine.platform, PLATFORM_WORK_MOST);
	else
		irq_set(hart_irq(pair->harts.hart[1], IRQ_MSI), true);
	return true;
}

static const struct bus_ops signal_ops = { device_read, signal_other };

static struct pair *pair_create(void)
{
	const struct harts_config config = { .count = 2, .extensions = PLAIN_EXTENSIONS };
	struct pair *pair = hart_storage(sizeof(*pair));
	const struct region device = {
		.name = "signal", .base = HOLE, .size = PAGE_SIZE, .ops = &signal_ops, .ctx = pair,
	};

	assert_non_null(pair);
	machine_platform(&pair->machine);
	assert_int_equal(bus_attach(&pair->machine.platform.bus, &device), 0);
	memcpy(pair->machine.ram.host, program, sizeof(program));
	assert_int_equal(harts_init(&pair->harts, &pair->machine.platform, &pair->machine.timebase,
				    &config),
			 0);
	pair->harts.tier = interp_run;
	harts_reset(&pair->harts, RAM_BASE);
	pair->harts.hart[0]->x[10] = HOLE;
	return pair;
}

static void pair_free(struct pair *pair)
{
	harts_free(&pair->harts);
	platform_free(&pair->machine.platform);
	ram_free(&pair->machine.ram);
	free(pair);
}

/* Neither of two running harts is far ahead of the other. */
static void test_in_step(void **unused)
{
	struct pair *pair = pair_create();

	for (unsigned n = 0; n < 6; n++) {
		u64 first, second;

		assert_int_equal(harts_run(&pair->harts), HARTS_RAN);
		first = pair->harts.hart[0]->steps;
		second = pair->harts.hart[1]->steps;
		assert_in_range(MAX(first, second) - MIN(first, second), 0, SLICE_MOST);
	}
	pair_free(pair);
}

/* A hart continues to run while the other waits, but not past the event that ends the waiting. */
static void test_alone(void **unused)
{
	struct pair *pair = pair_create();
	struct hart *busy = pair->harts.hart[0], *other = pair->harts.hart[1];

	other->waiting = true;
	other->mie = BIT(IRQ_MSI);
	assert_int_equal(harts_run(&pair->harts), HARTS_RAN);
	assert_int_equal(busy->steps, STEPS_TO_SIGNAL);
	assert_int_equal(other->steps, 0);
	assert_int_equal(harts_run(&pair->harts), HARTS_RAN);
	assert_in_range(other->steps + busy->steps - STEPS_TO_SIGNAL, 1, SLICE_MOST);
	assert_in_range(hart_time(other), STEPS_TO_SIGNAL, STEPS_TO_SIGNAL + SLICE_MOST);
	pair_free(pair);
}

/* When a device has worked enough, the slice ends, so that the host can be looked at. */
static void test_work(void **unused)
{
	static const enum clock_mode modes[] = { CLOCK_VIRTUAL, CLOCK_HOST };

	for (unsigned n = 0; n < ARRAY_SIZE(modes); n++) {
		struct pair *pair = pair_create();
		struct hart *busy = pair->harts.hart[0], *other = pair->harts.hart[1];
		u64 before;

		pair->machine.platform.clock.mode = modes[n];
		pair->works = true;
		other->waiting = modes[n] == CLOCK_VIRTUAL;
		assert_int_equal(harts_run(&pair->harts), HARTS_RAN);
		assert_int_equal(busy->steps, STEPS_TO_SIGNAL);
		assert_int_equal(other->steps, 0);
		/* The work counts anew. With the host clock it is the other hart's turn. */
		before = busy->steps;
		platform_worked(&pair->machine.platform);
		assert_int_equal(harts_run(&pair->harts), HARTS_RAN);
		assert_true(busy->steps > before);
		assert_true(other->waiting || other->steps);
		pair_free(pair);
	}
}

/* A signal that is not enabled does not end a slice. */
static void test_masked(void **unused)
{
	struct pair *pair = pair_create();
	struct hart *busy = pair->harts.hart[0], *other = pair->harts.hart[1];

	other->waiting = true;
	assert_int_equal(harts_run(&pair->harts), HARTS_RAN);
	assert_true(busy->steps > STEPS_TO_SIGNAL);
	assert_int_equal(other->steps, 0);
	assert_true(other->waiting);
	pair_free(pair);
}

static void event_fired(void *ctx, u64 now)
{
	unsigned *fired = ctx;

	(void)now;
	++*fired;
}

/*
 * Runs up to each instruction in turn, by limits or by stops, and checks that an event that is due
 * there has fired.
 */
static void nothing_is_due(bool stops)
{
	struct pair *pair = pair_create();
	struct clock *clock = &pair->machine.platform.clock;
	unsigned fired = 0;
	struct clock_event event = { .fire = event_fired, .ctx = &fired };

	clock_event_init(clock, NULL, &event, "event");
	clock_arm(clock, &event, SLICE_MOST / 2);
	pair->harts.hart[1]->waiting = true;
	pair->harts.stopped = stops;
	pair->harts.step_cap = stops;
	for (u64 count = 1; count < SLICE_MOST; count++) {
		enum harts_exit exit;

		if (!stops)
			pair->harts.limit = count;
		do
			exit = harts_run(&pair->harts);
		while (exit == HARTS_RAN);
		assert_int_equal(exit, stops ? HARTS_STOPPED : HARTS_LIMIT);
		assert_true(clock_next(clock) > clock->base);
	}
	assert_int_equal(fired, 1);
	pair_free(pair);
}

static void test_due_at_limit(void **unused)
{
	nothing_is_due(false);
}

static void test_due_at_stop(void **unused)
{
	nothing_is_due(true);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_in_step),
	cmocka_unit_test(test_alone),
	cmocka_unit_test(test_masked),
	cmocka_unit_test(test_work),
	cmocka_unit_test(test_due_at_limit),
	cmocka_unit_test(test_due_at_stop),
	{ 0 },
};
