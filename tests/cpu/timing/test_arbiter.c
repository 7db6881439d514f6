/* SPDX-License-Identifier: MIT */
/*
 * Tests the round-robin tree, and the shift register that chooses lines for replacement in caches.
 */
#include "cpu/timing/units/arbiter.h"
#include "cpu/timing/units/lfsr.h"
#include "tests/cpu/timing/unit.h"

static void one_request_wins(void **state)
{
	for (unsigned count = 2; count <= 8; count++)
		for (unsigned who = 0; who < count; who++)
			for (unsigned rr = 0; rr < count; rr++)
				assert_int_equal(arbiter_choice(1u << who, count, rr), who);
}

/* If all requests stay asserted, each is served once per round. */
static void all_are_served_in_turn(void **state)
{
	unsigned served[8] = { 0 }, rr = 0;

	for (unsigned n = 0; n < 80; n++) {
		served[arbiter_choice(0xff, 8, rr)]++;
		rr = arbiter_next(0xff, rr);
	}
	for (unsigned n = 0; n < 8; n++)
		assert_int_equal(served[n], 10);
}

/* At each node the state's bit prefers a side: the tree does not serve the next in order. */
static void tree_prefers_sides(void **state)
{
	assert_int_equal(arbiter_choice(0x9, 4, 0), 0);
	assert_int_equal(arbiter_choice(0x9, 4, 2), 3);
	/* State 1 prefers the lower half, and in it the upper requester. */
	assert_int_equal(arbiter_choice(0xb, 4, 1), 1);
	assert_int_equal(arbiter_choice(0xd, 4, 1), 0);
}

static void state_moves_to_the_next_request(void **state)
{
	assert_int_equal(arbiter_next(0x15, 0), 2);
	assert_int_equal(arbiter_next(0x15, 2), 4);
	assert_int_equal(arbiter_next(0x15, 4), 0);
	assert_int_equal(arbiter_next(0, 3), 3);
}

/* A register of maximal length takes on all values but zero before it repeats. */
static void lfsr_has_full_period(void **state)
{
	struct lfsr lfsr;
	bool met[256] = { false };

	lfsr_reset(&lfsr);
	for (unsigned n = 0; n < 255; n++) {
		assert_false(met[lfsr_choice(&lfsr, 256)]);
		met[lfsr_choice(&lfsr, 256)] = true;
		lfsr_step(&lfsr);
	}
	assert_false(met[0]);
	assert_int_equal(lfsr_choice(&lfsr, 256), 0xff);
	assert_int_equal(lfsr_choice(&lfsr, 4), 3);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(one_request_wins),
	cmocka_unit_test(all_are_served_in_turn),
	cmocka_unit_test(tree_prefers_sides),
	cmocka_unit_test(state_moves_to_the_next_request),
	cmocka_unit_test(lfsr_has_full_period),
	{ 0 },
};
