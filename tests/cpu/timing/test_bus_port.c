/* SPDX-License-Identifier: MIT */
/* Tests a core's port to memory: when its answers come, and in which order. */
#include "cpu/timing/units/bus_port.h"
#include "tests/cpu/timing/unit.h"

#define LATENCY 20

static void beats_follow_each_other(void **state)
{
	struct bus_port port = { .latency = LATENCY };
	unsigned tag;
	bool last;

	bus_port_read(&port, 100, 2, 5);
	assert_false(bus_port_beat(&port, 119, &tag, &last));
	assert_true(bus_port_beat(&port, 120, &tag, &last));
	assert_int_equal(tag, 5);
	assert_false(last);
	bus_port_take_beat(&port);
	assert_true(bus_port_beat(&port, 121, &tag, &last));
	assert_true(last);
	bus_port_take_beat(&port);
	assert_false(bus_port_beat(&port, 122, &tag, &last));
}

/* A read after another one waits for the other's beats. */
static void reads_are_answered_in_order(void **state)
{
	struct bus_port port = { .latency = LATENCY };
	u64 done[2] = { 0 };
	unsigned tag;
	bool last;

	bus_port_read(&port, 0, 4, 0);
	bus_port_read(&port, 1, 2, 1);
	for (u64 now = 0; now < 40; now++) {
		if (!bus_port_beat(&port, now, &tag, &last))
			continue;
		if (last)
			done[tag] = now;
		bus_port_take_beat(&port);
	}
	assert_int_equal(done[0], LATENCY + 3);
	assert_int_equal(done[1], LATENCY + 5);
}

static void writes_do_not_wait_for_reads(void **state)
{
	struct bus_port port = { .latency = LATENCY };
	unsigned tag;

	bus_port_read(&port, 0, 8, 0);
	bus_port_write(&port, 1, 3);
	bus_port_write(&port, 2, 4);
	assert_false(bus_port_acknowledge(&port, LATENCY, &tag));
	assert_true(bus_port_acknowledge(&port, LATENCY + 1, &tag));
	assert_int_equal(tag, 3);
	bus_port_take_acknowledge(&port);
	assert_false(bus_port_acknowledge(&port, LATENCY + 1, &tag));
	assert_true(bus_port_acknowledge(&port, LATENCY + 2, &tag));
	assert_int_equal(tag, 4);
}

static void the_next_answer_is_known(void **state)
{
	struct bus_port port = { .latency = LATENCY };

	assert_true(bus_port_next(&port, 0) == UINT64_MAX);
	bus_port_read(&port, 10, 1, 0);
	bus_port_write(&port, 5, 0);
	assert_int_equal(bus_port_next(&port, 11), 25);
	assert_int_equal(bus_port_next(&port, 26), 30);
	assert_true(bus_port_next(&port, 31) == UINT64_MAX);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(beats_follow_each_other),
	cmocka_unit_test(reads_are_answered_in_order),
	cmocka_unit_test(writes_do_not_wait_for_reads),
	cmocka_unit_test(the_next_answer_is_known),
	{ 0 },
};
