/* SPDX-License-Identifier: MIT */
/* Tests which of two harts runs: slices, of which one may wait; and turns that a debugger stops. */
#include "tests/cpu/fixture.h"

#include "cpu/debug/debug.h"
#include "cpu/hart/harts.h"
#include "cpu/hart/storage.h"
#include "cpu/isa/csr_bits.h"
#include "cpu/run/run.h"

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

static void event_wakes(void *ctx, u64 now)
{
	struct pair *pair = ctx;

	irq_set(hart_irq(pair->harts.hart[0], IRQ_MSI), true);
}

static void event_does_nothing(void *ctx, u64 now)
{
}

/* A hart that is far ahead does not run before events that are due, of which the second one wakes
 * the other hart. */
static void test_events_first(void **unused)
{
	struct pair *pair = pair_create();
	struct clock *clock = &pair->machine.platform.clock;
	struct hart *waiting = pair->harts.hart[0], *ahead = pair->harts.hart[1];
	struct clock_event events[] = { { .fire = event_does_nothing },
					{ .fire = event_wakes, .ctx = pair } };

	for (unsigned n = 0; n < ARRAY_SIZE(events); n++) {
		clock_event_init(clock, NULL, &events[n], "event");
		clock_arm(clock, &events[n], 1000 + n * 1000);
	}
	waiting->waiting = true;
	waiting->mie = BIT(IRQ_MSI);
	hart_idle(ahead, 10000);
	assert_int_equal(harts_run(&pair->harts), HARTS_RAN);
	assert_true(waiting->steps > 0);
	assert_true(hart_time(waiting) >= 2000);
	assert_int_equal(ahead->steps, 0);
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

/* Adds 1 to the number at a0, again and again. */
static const u32 adding[] = {
	0x100522af, /* lr.w t0, (a0) */
	0x00128293, /* addi t0, t0, 1 */
	0x1855232f, /* sc.w t1, t0, (a0) */
	0xff5ff06f, /* j -12 */
};
#define COUNTER (RAM_BASE + 0x100)
/* An LR to which no SC follows, in an endless loop. */
static const u32 waiting[] = { 0x100522af /* lr.w t0, (a0) */, 0xffdff06f /* j -4 */ };

/* Makes a pair in which hart 1 is at `endless`, a jump to itself, with a debugger. */
static struct pair *debugged_create(const u32 *code, size_t bytes, u64 *endless)
{
	struct pair *pair = pair_create();

	memcpy(pair->machine.ram.host, code, bytes);
	pair->harts.hart[0]->x[10] = COUNTER;
	*endless = RAM_BASE + sizeof(program) - sizeof(u32);
	pair->harts.hart[1]->pc = *endless;
	pair->machine.platform.clock.mode = CLOCK_HOST;
	assert_non_null(debug_attach(&pair->harts));
	pair->harts.hart[0]->debug->tier = interp_run;
	pair->harts.tier = debug_run;
	return pair;
}

static void debugged_free(struct pair *pair)
{
	debug_detach(pair->harts.hart[0]->debug);
	pair_free(pair);
}

/* Runs until hart 0 stops. */
static void to_stop(struct pair *pair)
{
	struct hart *hart = pair->harts.hart[0];

	for (unsigned n = 0; harts_run(&pair->harts) != HARTS_STOPPED; n++)
		assert_in_range(n, 0, 100);
	assert_int_not_equal(debug_take(hart->debug, hart).why, DEBUG_NO_STOP);
}

/* Single steps let an LR/SC succeed, and the other hart run. */
static void test_steps_to_sc(void **unused)
{
	u64 endless;
	struct pair *pair = debugged_create(adding, sizeof(adding), &endless);
	struct hart *hart = pair->harts.hart[0];

	for (unsigned n = 1; n <= 40; n++) {
		debug_step(hart->debug, hart, 0, 0);
		to_stop(pair);
		assert_int_equal(*(u32 *)machine_ram(&pair->machine, COUNTER), (n + 1) / 4);
	}
	assert_true(pair->harts.hart[1]->steps >= 10000);
	debugged_free(pair);
}

/* So does a breakpoint between LR and SC: each SC succeeds. */
static void test_breaks_before_sc(void **unused)
{
	u64 endless;
	struct pair *pair = debugged_create(adding, sizeof(adding), &endless);
	struct hart *hart = pair->harts.hart[0];
	const struct debug_range range = { hart, hart->data_regime, DEBUG_IN_SPACE, RAM_BASE + 4,
					   4 };

	assert_int_equal(debug_insert(hart->debug, DEBUG_SOFTWARE, &range), 0);
	for (unsigned n = 0; n < 10; n++) {
		u64 before = pair->harts.hart[1]->steps;

		to_stop(pair);
		assert_int_equal(*(u32 *)machine_ram(&pair->machine, COUNTER), n);
		assert_true(!n || pair->harts.hart[1]->steps > before);
		/* As GDB, it steps over the breakpoint while the other hart is held. */
		debug_hold(hart->debug, pair->harts.hart[1]);
		debug_step(hart->debug, hart, 0, 0);
		to_stop(pair);
		debug_go(hart->debug, pair->harts.hart[1]);
		debug_go(hart->debug, hart);
	}
	debugged_free(pair);
}

/* An LR that is executed again and again, as by a hart that waits, does not keep the turn. */
static void test_waits_by_lr(void **unused)
{
	u64 endless;
	struct pair *pair = debugged_create(waiting, sizeof(waiting), &endless);
	struct hart *hart = pair->harts.hart[0];

	for (unsigned n = 0; n < 20; n++) {
		debug_step(hart->debug, hart, 0, 0);
		to_stop(pair);
	}
	assert_true(pair->harts.hart[1]->steps >= 5000);
	debugged_free(pair);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_in_step),
	cmocka_unit_test(test_alone),
	cmocka_unit_test(test_events_first),
	cmocka_unit_test(test_masked),
	cmocka_unit_test(test_work),
	cmocka_unit_test(test_due_at_limit),
	cmocka_unit_test(test_due_at_stop),
	cmocka_unit_test(test_steps_to_sc),
	cmocka_unit_test(test_breaks_before_sc),
	cmocka_unit_test(test_waits_by_lr),
	{ 0 },
};
