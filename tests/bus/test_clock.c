/* SPDX-License-Identifier: MIT */
/*
 * Tests virtual time and the queue of events: their total order with ties, the deadline compared
 * with a brute-force search, that a pass of firing is bounded, and that time never goes back.
 */
#include "bus/clock.h"
#include "bus/state.h"
#include "tests/state_copy.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define EVENTS 8

struct bench;

struct context {
	struct bench *bench;
	unsigned number;
	u64 again; /* when it has fired, it is armed again for this time */
};

struct bench {
	struct clock clock;
	struct clock_event events[EVENTS];
	char fired[64];
	unsigned changes;
	u64 ahead;
	struct context contexts[EVENTS];
};

static void bench_fire(void *ctx, u64 now)
{
	const struct context *context = ctx;
	struct bench *bench = context->bench;
	struct clock_event *event = &bench->events[context->number];
	size_t length = strlen(bench->fired);

	assert_true(now <= clock_now(&bench->clock));
	assert_true(event->when == CLOCK_NEVER);
	if (length + 1 < sizeof(bench->fired))
		bench->fired[length] = (char)('a' + context->number);
	if (context->again)
		clock_arm(&bench->clock, event, context->again);
}

static u64 bench_ahead(void *ctx)
{
	return ((struct bench *)ctx)->ahead;
}

static void bench_changed(void *ctx)
{
	((struct bench *)ctx)->changes++;
}

static void clock_make_bench(struct bench *bench, enum clock_mode mode)
{
	*bench = (struct bench){ 0 };
	clock_init(&bench->clock, mode);
	clock_connect(&bench->clock, bench_ahead, bench_changed, bench);
	for (unsigned i = 0; i < EVENTS; i++) {
		bench->contexts[i] = (struct context){ bench, i, 0 };
		bench->events[i].fire = bench_fire;
		bench->events[i].ctx = &bench->contexts[i];
		clock_event_init(&bench->clock, NULL, &bench->events[i], "x");
	}
}

static void arm(struct bench *bench, unsigned event, u64 when)
{
	clock_arm(&bench->clock, &bench->events[event], when);
}

static void test_order(void **unused)
{
	struct bench bench;

	clock_make_bench(&bench, CLOCK_VIRTUAL);
	arm(&bench, 3, 50);
	arm(&bench, 1, 70);
	arm(&bench, 5, 20);
	arm(&bench, 2, 90);
	assert_int_equal(clock_next(&bench.clock), 20);
	clock_advance(&bench.clock, 19);
	assert_int_equal(clock_fire(&bench.clock), 0);
	clock_advance(&bench.clock, 70);
	assert_int_equal(clock_fire(&bench.clock), 3);
	assert_string_equal(bench.fired, "fdb");
	assert_int_equal(clock_next(&bench.clock), 90);
	clock_free(&bench.clock);
}

/* A removed event does not fire. The others keep their order, and a new one comes after them. */
static void test_removal(void **unused)
{
	struct clock_event extra = { .fire = bench_fire };
	struct bench bench;

	clock_make_bench(&bench, CLOCK_VIRTUAL);
	for (unsigned n = 1; n < 5; n++)
		arm(&bench, n, 30);
	clock_disarm(&bench.clock, &bench.events[2]);
	clock_event_remove(&bench.clock, &bench.events[2]);
	clock_event_init(&bench.clock, NULL, &extra, "extra");
	assert_true(extra.order > bench.events[4].order);
	assert_int_equal(bench.clock.count, EVENTS);
	clock_advance(&bench.clock, 30);
	assert_int_equal(clock_fire(&bench.clock), 3);
	assert_string_equal(bench.fired, bench.clock.reverse_ties ? "edb" : "bde");
	clock_free(&bench.clock);
}

static void test_ties(void **unused)
{
	static const char *const expected[] = { "acdh", "hdca" };

	for (unsigned reverse = 0; reverse < 2; reverse++) {
		struct bench bench;

		clock_make_bench(&bench, CLOCK_VIRTUAL);
		bench.clock.reverse_ties = reverse;
		arm(&bench, 3, 10);
		arm(&bench, 7, 10);
		arm(&bench, 0, 10);
		arm(&bench, 2, 10);
		clock_advance(&bench.clock, 10);
		assert_int_equal(clock_fire(&bench.clock), 4);
		assert_string_equal(bench.fired, expected[reverse]);
		clock_free(&bench.clock);
	}
}

/* An event that another one arms for a past time takes its place in the order. */
static void test_arming_while_firing(void **unused)
{
	struct bench bench;

	clock_make_bench(&bench, CLOCK_VIRTUAL);
	arm(&bench, 1, 10);
	arm(&bench, 2, 30);
	bench.contexts[1].again = 40;
	clock_advance(&bench.clock, 30);
	assert_int_equal(clock_fire(&bench.clock), 2);
	assert_string_equal(bench.fired, "bc");
	assert_int_equal(clock_next(&bench.clock), 40);
	clock_free(&bench.clock);
}

static void test_a_pass_is_bounded(void **unused)
{
	struct bench bench;

	clock_make_bench(&bench, CLOCK_VIRTUAL);
	bench.contexts[4].again = 5;
	arm(&bench, 4, 5);
	clock_advance(&bench.clock, 10);
	assert_int_equal(clock_fire(&bench.clock), CLOCK_FIRE_ROUNDS * EVENTS);
	assert_int_equal(clock_next(&bench.clock), 5);
	clock_free(&bench.clock);
}

static void test_changed_only_for_an_earlier_deadline(void **unused)
{
	struct bench bench;

	clock_make_bench(&bench, CLOCK_VIRTUAL);
	arm(&bench, 0, 100);
	assert_int_equal(bench.changes, 1);
	arm(&bench, 1, 100);
	arm(&bench, 2, 200);
	arm(&bench, 0, 300);
	clock_disarm(&bench.clock, &bench.events[1]);
	assert_int_equal(bench.changes, 1);
	assert_int_equal(clock_next(&bench.clock), 200);
	arm(&bench, 3, 199);
	assert_int_equal(bench.changes, 2);
	clock_disarm(&bench.clock, &bench.events[3]);
	clock_disarm(&bench.clock, &bench.events[2]);
	clock_disarm(&bench.clock, &bench.events[0]);
	clock_disarm(&bench.clock, &bench.events[0]);
	assert_true(clock_next(&bench.clock) == CLOCK_NEVER);
	clock_free(&bench.clock);
}

static u64 random_next(u64 *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static void test_next_against_a_search(void **unused)
{
	struct bench bench;
	u64 seed = 1;

	clock_make_bench(&bench, CLOCK_VIRTUAL);
	for (unsigned step = 0; step < 20000; step++) {
		u64 dice = random_next(&seed), earliest = CLOCK_NEVER;
		u64 when = dice >> 8 & 1 ? CLOCK_NEVER : bench.clock.base + (dice >> 16) % 20;

		arm(&bench, dice % EVENTS, when);
		if (step % 10 == 0) {
			clock_advance(&bench.clock, bench.clock.base + (dice >> 32) % 10);
			clock_fire(&bench.clock);
			memset(bench.fired, 0, sizeof(bench.fired));
		}
		for (unsigned i = 0; i < EVENTS; i++)
			earliest = MIN(earliest, bench.events[i].when);
		assert_int_equal(clock_next(&bench.clock), earliest);
	}
	clock_free(&bench.clock);
}

/*
 * Hart 0 runs ahead and reads the time. Hart 1, which has executed less, must not read an earlier
 * time afterwards.
 */
static void test_time_never_goes_back(void **unused)
{
	struct bench bench;

	clock_make_bench(&bench, CLOCK_VIRTUAL);
	bench.ahead = 500;
	assert_int_equal(clock_now(&bench.clock), 500);
	bench.ahead = 3;
	assert_int_equal(clock_now(&bench.clock), 500);
	bench.ahead = 0;
	clock_advance(&bench.clock, 501);
	assert_int_equal(bench.clock.latest, 501);
	assert_int_equal(clock_now(&bench.clock), 501);
	clock_free(&bench.clock);
}

static void test_host_clock_follows_the_host(void **unused)
{
	const struct timespec pause = { .tv_nsec = 2000000 };
	struct bench bench;

	clock_make_bench(&bench, CLOCK_HOST);
	u64 before = clock_now(&bench.clock);
	assert_true(before < 10 * CLOCK_HZ);
	nanosleep(&pause, NULL);
	u64 after = clock_now(&bench.clock);
	assert_true(after >= before + 2000000);
	bench.clock.host_zero += CLOCK_HZ; /* the host's clock goes back by a second */
	assert_true(clock_now(&bench.clock) >= after);
	clock_free(&bench.clock);
}

/* A guest may arm an alarm for the end of time and sleep until then. */
static void test_the_end_of_time(void **unused)
{
	struct bench bench;

	clock_make_bench(&bench, CLOCK_VIRTUAL);
	arm(&bench, 0, CLOCK_LAST + 1);
	assert_true(clock_next(&bench.clock) == CLOCK_NEVER);
	arm(&bench, 0, CLOCK_LAST);
	clock_advance(&bench.clock, clock_next(&bench.clock));
	assert_int_equal(clock_fire(&bench.clock), 1);
	bench.ahead = 1000;
	assert_true(clock_now(&bench.clock) == CLOCK_LAST);
	clock_advance(&bench.clock, UINT64_MAX);
	assert_true(bench.clock.base == CLOCK_LAST);
	clock_free(&bench.clock);
}

struct machine {
	struct state state;
	struct bench bench;
	struct clock_event extra[2];
};

static void clock_make_machine(struct machine *machine, enum clock_mode mode)
{
	clock_make_bench(&machine->bench, mode);
	state_init(&machine->state);
	clock_register_state(&machine->bench.clock, &machine->state);
	for (unsigned i = 0; i < 2; i++) {
		char name[] = "event0";

		name[5] = (char)('0' + i);
		clock_event_init(&machine->bench.clock, &machine->state, &machine->extra[i], name);
	}
}

static void clock_free_machine(struct machine *machine)
{
	clock_free(&machine->bench.clock);
	state_free(&machine->state);
}

static void test_time_and_events_are_state(void **unused)
{
	struct machine from, to;

	clock_make_machine(&from, CLOCK_VIRTUAL);
	clock_make_machine(&to, CLOCK_VIRTUAL);
	clock_advance(&from.bench.clock, 1000);
	clock_arm(&from.bench.clock, &from.extra[1], 1500);
	clock_arm(&to.bench.clock, &to.extra[0], 7);
	assert_true(state_hash(&from.state) != state_hash(&to.state));
	assert_int_equal(state_copy(&to.state, &from.state), 0);
	assert_int_equal(clock_next(&to.bench.clock), 1500);
	assert_int_equal(clock_now(&to.bench.clock), 1000);
	assert_true(to.extra[0].when == CLOCK_NEVER);
	assert_true(state_hash(&from.state) == state_hash(&to.state));

	u64 *const wrong[] = { &from.bench.clock.base, &from.bench.clock.latest,
			       &from.extra[0].when };
	for (unsigned i = 0; i < ARRAY_SIZE(wrong); i++) {
		u64 right = *wrong[i];

		*wrong[i] = CLOCK_LAST + 1;
		assert_int_equal(state_copy(&to.state, &from.state), -EINVAL);
		*wrong[i] = right;
	}
	clock_free_machine(&from);
	clock_free_machine(&to);
}

static void test_host_time_goes_on_after_a_load(void **unused)
{
	const u64 year = 31536000 * CLOCK_HZ;
	struct machine from, to;

	clock_make_machine(&from, CLOCK_HOST);
	clock_make_machine(&to, CLOCK_HOST);
	from.bench.clock.latest = year;
	assert_int_equal(state_copy(&to.state, &from.state), 0);
	assert_in_range(clock_now(&to.bench.clock), year, year + 10 * CLOCK_HZ);
	clock_free_machine(&from);
	clock_free_machine(&to);
}

/*
 * A machine that was saved while it was stopped is loaded with the time of the stop, however long
 * the stop lasted.
 */
static void test_a_load_while_time_stands_still(void **unused)
{
	const u64 saved = 1000;
	struct machine from, to;
	struct state_image image = { 0 };
	u64 begun;

	clock_make_machine(&from, CLOCK_HOST);
	clock_make_machine(&to, CLOCK_HOST);
	from.bench.clock.latest = saved;
	assert_int_equal(state_save(&from.state, &image), 0);
	clock_hold(&to.bench.clock, true);
	begun = clock_now(&from.bench.clock);
	while (clock_now(&from.bench.clock) - begun < CLOCK_HZ / 50)
		continue;
	assert_int_equal(state_load(&to.state, image.data, image.size), 0);
	assert_int_equal(clock_peek(&to.bench.clock), saved);
	clock_hold(&to.bench.clock, false);
	/* Time continues immediately, without catching up with the time of the stop. */
	begun = clock_now(&from.bench.clock);
	while (clock_now(&to.bench.clock) == saved)
		assert_true(clock_now(&from.bench.clock) - begun < CLOCK_HZ / 50);
	free(image.data);
	clock_free_machine(&from);
	clock_free_machine(&to);
}

static void test_scale(void **unused)
{
	assert_int_equal(clock_scale(UINT64_MAX, 1000, 1000), UINT64_MAX);
	assert_int_equal(clock_scale(1999999999, 10000000, CLOCK_HZ), 19999999);
}

static void test_stop_in_front_of_the_next_event(void **unused)
{
	struct bench bench;

	clock_make_bench(&bench, CLOCK_HOST);
	for (unsigned late = 0; late < 2; late++) {
		u64 now = clock_now(&bench.clock), when = late ? now + 1000 : now + CLOCK_HZ * 3600;

		clock_arm(&bench.clock, &bench.events[0], when);
		while (clock_peek(&bench.clock) < now + 2000)
			;
		clock_stop(&bench.clock);
		now = clock_now(&bench.clock);
		assert_true(now < when);
		assert_int_equal(clock_now(&bench.clock), now);
		assert_int_equal(clock_fire(&bench.clock), 0);
		clock_hold(&bench.clock, false);
	}
	clock_free(&bench.clock);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_order),
	cmocka_unit_test(test_removal),
	cmocka_unit_test(test_ties),
	cmocka_unit_test(test_arming_while_firing),
	cmocka_unit_test(test_a_pass_is_bounded),
	cmocka_unit_test(test_changed_only_for_an_earlier_deadline),
	cmocka_unit_test(test_next_against_a_search),
	cmocka_unit_test(test_time_never_goes_back),
	cmocka_unit_test(test_host_clock_follows_the_host),
	cmocka_unit_test(test_the_end_of_time),
	cmocka_unit_test(test_time_and_events_are_state),
	cmocka_unit_test(test_host_time_goes_on_after_a_load),
	cmocka_unit_test(test_a_load_while_time_stands_still),
	cmocka_unit_test(test_stop_in_front_of_the_next_event),
	cmocka_unit_test(test_scale),
	{ 0 },
};
