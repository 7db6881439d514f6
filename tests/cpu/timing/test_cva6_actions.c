/* SPDX-License-Identifier: MIT */
/*
 * Tests that a recorded CVA6 performs an action once, and again only when its result may have
 * changed.
 */
#include "cpu/timing/cva6/actions.h"
#include "tests/cpu/timing/unit.h"

#include <stdlib.h>

#define ADDRESS 0x80001000ull
#define OTHER 0x80002000ull
#define MODE 3

static u64 answer(void *ctx, const struct memo_action *action)
{
	(void)ctx, (void)action;
	return 1;
}

static struct actions *actions_create(void)
{
	struct actions *actions = calloc(1, sizeof(*actions));

	assert_non_null(actions);
	actions->log.perform = answer;
	memo_log_begin(&actions->log, 0);
	return actions;
}

static void lines_are_looked_up_once(void **state)
{
	struct actions *actions = actions_create();
	struct cva6_dcache dcache = { .actions = actions };

	for (unsigned n = 1; n <= 3; n++) {
		assert_true(cva6_action_holds(&dcache, ADDRESS));
		assert_true(cva6_action_holds(&dcache, ADDRESS));
		assert_int_equal(actions->log.count, 2 * n - 1);
		cva6_action_arrays(&dcache, n == 1 ? CVA6_ACTION_REFILL : CVA6_ACTION_CLEAR, 0,
				   OTHER);
	}
	cva6_action_holds(&dcache, OTHER);
	assert_int_equal(actions->log.count, 7);
	free(actions);
}

static void words_are_read_once(void **state)
{
	struct actions *actions = actions_create();
	struct cva6_icache icache = { .actions = actions, .paddr = OTHER };
	const struct timing_host host = { .ctx = NULL };

	for (unsigned n = 1; n <= 4; n++) {
		assert_int_equal(cva6_action_word(&icache, ADDRESS, MODE), 1);
		assert_int_equal(cva6_action_word(&icache, ADDRESS, MODE), 1);
		assert_int_equal(actions->log.count, 2 * n - 1);
		if (n == 1)
			cva6_action_line(&icache, &host);
		else if (n == 2)
			cva6_action_flush(&icache);
		else
			cva6_action_pmp(&icache, 0, 0);
	}
	cva6_action_word(&icache, OTHER, MODE);
	cva6_action_word(&icache, OTHER, MODE - 1);
	assert_int_equal(actions->log.count, 10);
	free(actions);
}

/*
 * An arbiter's state is asked for where it decides, but not again once it follows from its last
 * choice.
 */
static void arbiters_are_asked_where_they_decide(void **state)
{
	struct actions *actions = actions_create();
	struct cva6_dcache dcache = { .actions = actions };
	u8 turn = 0;

	cva6_action_arbitrate(&dcache, CVA6_ARBITER_BUS, &turn, 0);
	assert_int_equal(dcache.turned, 0);
	cva6_action_arbitrate(&dcache, CVA6_ARBITER_BUS, &turn, 3);
	assert_int_equal(turn, 1);
	assert_int_equal(actions->log.count, 1);
	cva6_action_arbitrate(&dcache, CVA6_ARBITER_BUS, &turn, 3);
	cva6_action_arbitrate(&dcache, CVA6_ARBITER_READS, &turn, 2);
	cva6_action_arbitrate(&dcache, CVA6_ARBITER_READS, &turn, 3);
	assert_int_equal(actions->log.count, 1);
	assert_int_equal(dcache.turned, BIT(CVA6_ARBITER_BUS) | BIT(CVA6_ARBITER_READS));
	free(actions);
}

static u64 relate(void *ctx, const struct memo_action *action)
{
	return actions_answer(ctx, action);
}

/* A block of many stores has more places than one action can relate to each other. */
static void places_of_many_accesses_are_related(void **state)
{
	const u64 others[] = {
		actions_token(3), actions_token(63), actions_token(64), actions_token(127),
		actions_token(128),
	};
	struct actions *actions = actions_create();

	actions->log.perform = relate;
	actions->place = actions->places_of[0];
	for (unsigned n = 0; n < ACTIONS_PLACES; n++)
		actions->place[n] = n == 3 || n == 100 || n >= 127 ? ADDRESS : OTHER;
	for (unsigned n = 0; n < 2; n++) {
		assert_int_equal(actions_same(actions, ~0ull, actions_token(100), others, 4), 9);
		assert_int_equal(actions->log.count, 2);
	}
	assert_false(actions->log.refused);
	assert_int_equal(actions_same(actions, ~0ull, actions_token(100), others, 5), 25);
	assert_true(actions->log.refused);
	free(actions);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(lines_are_looked_up_once),
	cmocka_unit_test(words_are_read_once),
	cmocka_unit_test(arbiters_are_asked_where_they_decide),
	cmocka_unit_test(places_of_many_accesses_are_related),
	{ 0 },
};
