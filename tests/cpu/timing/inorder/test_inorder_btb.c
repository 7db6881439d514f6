/* SPDX-License-Identifier: MIT */
/* Tests the branch target buffer, with tags and without. */
#include "cpu/timing/inorder/btb.h"
#include "tests/cmocka.h"

#include <stdlib.h>
#include <string.h>

static void without_tags_jumps_share_an_entry(void **state)
{
	struct inorder_btb *btb = malloc(sizeof(*btb));
	u64 target;

	inorder_btb_reset(btb, 4, false);
	assert_false(inorder_btb_guess(btb, 0x1000, &target));
	inorder_btb_learn(btb, 0x1000, 0x2000);
	assert_true(inorder_btb_guess(btb, 0x1008, &target));
	assert_int_equal(target, 0x2000);
	free(btb);
}

static void with_tags_the_least_recently_used_leaves(void **state)
{
	struct inorder_btb *btb = malloc(sizeof(*btb));
	u64 target;

	/* The number of entries is no power of two. */
	inorder_btb_reset(btb, 3, true);
	for (u64 n = 0; n < 3; n++)
		inorder_btb_learn(btb, 0x1000 + 8 * n, n);
	assert_true(inorder_btb_guess(btb, 0x1000, &target));
	inorder_btb_learn(btb, 0x3000, 7);
	assert_false(inorder_btb_guess(btb, 0x1008, &target));
	assert_true(inorder_btb_guess(btb, 0x1000, &target));
	assert_int_equal(target, 0);
	inorder_btb_learn(btb, 0x1000, 9);
	assert_true(inorder_btb_guess(btb, 0x1000, &target));
	assert_int_equal(target, 9);
	assert_true(inorder_btb_guess(btb, 0x3000, &target));
	inorder_btb_reset(btb, 3, true);
	assert_false(inorder_btb_guess(btb, 0x3000, &target));
	free(btb);
}

/*
 * More entries than there are lists are added and replaced; they are found, even after a save and a
 * load.
 */
static void each_is_found_where_it_is(void **state)
{
	struct inorder_btb *btb = malloc(sizeof(*btb));
	const unsigned entries = 300, jumps = 1000;
	u64 target;

	inorder_btb_reset(btb, entries, true);
	for (u64 n = 0; n < jumps; n++)
		inorder_btb_learn(btb, 2 * n, n);
	memset(btb->first, 0xff, sizeof(btb->first));
	inorder_btb_loaded(btb);
	for (u64 n = 0; n < jumps; n++) {
		assert_int_equal(inorder_btb_guess(btb, 2 * n, &target), n >= jumps - entries);
		if (n >= jumps - entries)
			assert_int_equal(target, n);
	}
	free(btb);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(without_tags_jumps_share_an_entry),
	cmocka_unit_test(with_tags_the_least_recently_used_leaves),
	cmocka_unit_test(each_is_found_where_it_is),
	{ 0 },
};
