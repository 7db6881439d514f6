/* SPDX-License-Identifier: MIT */
/* Tests branch counters, the table of targets, and the stack of return addresses. */
#include "cpu/timing/units/predictor.h"
#include "tests/cpu/timing/unit.h"

#define PC 0x80000100ull

static void branches_are_unknown_until_met(void **state)
{
	struct bht bht = { .entries = 128 };

	assert_int_equal(bht_guess(&bht, PC), BHT_UNKNOWN);
	/* From 0 one taken outcome is not enough, a second one is. */
	bht_learn(&bht, PC, true);
	assert_int_equal(bht_guess(&bht, PC), BHT_NOT_TAKEN);
	bht_learn(&bht, PC, true);
	assert_int_equal(bht_guess(&bht, PC), BHT_TAKEN);
}

static void counters_saturate(void **state)
{
	struct bht bht = { .entries = 128 };

	for (unsigned n = 0; n < 10; n++)
		bht_learn(&bht, PC, true);
	bht_learn(&bht, PC, false);
	assert_int_equal(bht_guess(&bht, PC), BHT_TAKEN);
	bht_learn(&bht, PC, false);
	assert_int_equal(bht_guess(&bht, PC), BHT_NOT_TAKEN);
	for (unsigned n = 0; n < 10; n++)
		bht_learn(&bht, PC, false);
	bht_learn(&bht, PC, true);
	bht_learn(&bht, PC, true);
	assert_int_equal(bht_guess(&bht, PC), BHT_TAKEN);
}

static void counters_of_one_bit_do_as_last(void **state)
{
	struct bht bht = { .entries = 128 };

	assert_int_equal(bht_guess(&bht, PC), BHT_UNKNOWN);
	for (unsigned n = 0; n < 4; n++) {
		bht_learn_at(&bht, bht_entry(&bht, PC), true, BHT_ALL);
		assert_int_equal(bht_guess(&bht, PC), BHT_TAKEN);
		bht_learn_at(&bht, bht_entry(&bht, PC), false, BHT_ALL);
		assert_int_equal(bht_guess(&bht, PC), BHT_NOT_TAKEN);
	}
}

static void addresses_share_entries(void **state)
{
	struct bht bht = { .entries = 128 };

	bht_learn(&bht, PC, false);
	assert_int_equal(bht_guess(&bht, PC + 2), BHT_UNKNOWN);
	assert_int_equal(bht_guess(&bht, PC + 254), BHT_UNKNOWN);
	assert_int_equal(bht_guess(&bht, PC + 256), BHT_NOT_TAKEN);
}

static void targets_are_kept(void **state)
{
	struct btb btb = { .entries = 32 };
	u64 target;

	assert_false(btb_guess(&btb, PC, &target));
	btb_learn(&btb, PC, 0x1234);
	assert_true(btb_guess(&btb, PC, &target));
	assert_int_equal(target, 0x1234);
	assert_false(btb_guess(&btb, PC + 2, &target));
	/* An address 32 halfwords further has the same entry. */
	btb_learn(&btb, PC + 64, 0x5678);
	assert_true(btb_guess(&btb, PC, &target));
	assert_int_equal(target, 0x5678);
}

static void returns_come_back_in_reverse(void **state)
{
	struct ras ras = { .depth = 2 };

	ras_push(&ras, 2);
	ras_push(&ras, 4);
	ras_push(&ras, 6);
	assert_int_equal(ras_top(&ras), 6 | 1);
	ras_pop(&ras);
	assert_int_equal(ras_top(&ras), 4 | 1);
	ras_pop(&ras);
	/* The first address was dropped. */
	assert_int_equal(ras_top(&ras), 0);
	ras_pop(&ras);
	ras_push(&ras, 8);
	assert_int_equal(ras_top(&ras), 8 | 1);
}

static void a_swap_replaces_the_top(void **state)
{
	struct ras ras = { .depth = 2 };

	ras_swap(&ras, 2);
	assert_int_equal(ras_top(&ras), 2 | 1);
	ras_push(&ras, 4);
	ras_swap(&ras, 6);
	assert_int_equal(ras_top(&ras), 6 | 1);
	ras_pop(&ras);
	assert_int_equal(ras_top(&ras), 2 | 1);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(branches_are_unknown_until_met),
	cmocka_unit_test(counters_saturate),
	cmocka_unit_test(counters_of_one_bit_do_as_last),
	cmocka_unit_test(addresses_share_entries),
	cmocka_unit_test(targets_are_kept),
	cmocka_unit_test(returns_come_back_in_reverse),
	cmocka_unit_test(a_swap_replaces_the_top),
	{ 0 },
};
