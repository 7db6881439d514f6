/* SPDX-License-Identifier: MIT */
/*
 * Tests the outcomes that predictors will learn: a ring that is ordered by when they become known.
 */
#include "cpu/timing/inorder/lessons.h"
#include "tests/cmocka.h"

#include <stdlib.h>

static void they_are_due_behind_their_cycle(void **state)
{
	struct inorder_lessons lessons = { .count = 0 };

	assert_false(inorder_lessons_due(&lessons, 100));
	inorder_lessons_add(&lessons, 10)->pc = 1;
	inorder_lessons_add(&lessons, 20)->pc = 2;
	assert_false(inorder_lessons_due(&lessons, 10));
	assert_true(inorder_lessons_due(&lessons, 11));
	assert_int_equal(inorder_lessons_take(&lessons).pc, 1);
	assert_false(inorder_lessons_due(&lessons, 20));
	assert_true(inorder_lessons_due(&lessons, 21));
	assert_int_equal(inorder_lessons_take(&lessons).pc, 2);
	assert_false(inorder_lessons_due(&lessons, 100));
}

static void it_goes_round(void **state)
{
	struct inorder_lessons lessons = { .count = 0 };

	for (u64 n = 0; n < 5 * INORDER_LESSONS_RING; n++) {
		inorder_lessons_add(&lessons, n)->pc = n;
		if (n < INORDER_LESSONS_MAX - 1)
			continue;
		assert_int_equal(inorder_lessons_take(&lessons).pc, n - INORDER_LESSONS_MAX + 1);
	}
}

static void what_is_known_sooner_has_to_move(void **state)
{
	struct inorder_lessons lessons = { .count = 0 };

	inorder_lessons_add(&lessons, 10);
	assert_false(inorder_lessons_untidy(&lessons));
	inorder_lessons_add(&lessons, 10);
	assert_false(inorder_lessons_untidy(&lessons));
	inorder_lessons_add(&lessons, 9);
	assert_true(inorder_lessons_untidy(&lessons));
}

static void so_have_too_many(void **state)
{
	struct inorder_lessons lessons = { .count = 0 };

	for (unsigned n = 0; n < INORDER_LESSONS_MAX; n++)
		inorder_lessons_add(&lessons, 10);
	assert_false(inorder_lessons_untidy(&lessons));
	inorder_lessons_add(&lessons, 10);
	assert_true(inorder_lessons_untidy(&lessons));
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(they_are_due_behind_their_cycle),
	cmocka_unit_test(it_goes_round),
	cmocka_unit_test(what_is_known_sooner_has_to_move),
	cmocka_unit_test(so_have_too_many),
	{ 0 },
};
