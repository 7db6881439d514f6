/* SPDX-License-Identifier: MIT */
/*
 * Tests the outcomes that predictors will learn: a ring that is ordered by when they become known.
 */
#include "cpu/timing/inorder/updates.h"
#include "tests/cmocka.h"

#include <stdlib.h>

static void they_are_due_behind_their_cycle(void **state)
{
	struct inorder_updates updates = { .count = 0 };

	assert_false(inorder_updates_due(&updates, 100));
	inorder_updates_add(&updates, 10)->pc = 1;
	inorder_updates_add(&updates, 20)->pc = 2;
	assert_false(inorder_updates_due(&updates, 10));
	assert_true(inorder_updates_due(&updates, 11));
	assert_int_equal(inorder_updates_take(&updates).pc, 1);
	assert_false(inorder_updates_due(&updates, 20));
	assert_true(inorder_updates_due(&updates, 21));
	assert_int_equal(inorder_updates_take(&updates).pc, 2);
	assert_false(inorder_updates_due(&updates, 100));
}

static void it_goes_round(void **state)
{
	struct inorder_updates updates = { .count = 0 };

	for (u64 n = 0; n < 5 * INORDER_UPDATES_RING; n++) {
		inorder_updates_add(&updates, n)->pc = n;
		if (n < INORDER_UPDATES_MAX - 1)
			continue;
		assert_int_equal(inorder_updates_take(&updates).pc, n - INORDER_UPDATES_MAX + 1);
	}
}

static void what_is_known_sooner_has_to_move(void **state)
{
	struct inorder_updates updates = { .count = 0 };

	inorder_updates_add(&updates, 10);
	assert_false(inorder_updates_unsorted(&updates));
	inorder_updates_add(&updates, 10);
	assert_false(inorder_updates_unsorted(&updates));
	inorder_updates_add(&updates, 9);
	assert_true(inorder_updates_unsorted(&updates));
}

static void so_have_too_many(void **state)
{
	struct inorder_updates updates = { .count = 0 };

	for (unsigned n = 0; n < INORDER_UPDATES_MAX; n++)
		inorder_updates_add(&updates, 10);
	assert_false(inorder_updates_unsorted(&updates));
	inorder_updates_add(&updates, 10);
	assert_true(inorder_updates_unsorted(&updates));
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(they_are_due_behind_their_cycle),
	cmocka_unit_test(it_goes_round),
	cmocka_unit_test(what_is_known_sooner_has_to_move),
	cmocka_unit_test(so_have_too_many),
	{ 0 },
};
