/* SPDX-License-Identifier: MIT */
/* Tests CVA6's instruction queue: its order, when it is full, and what must be fetched again. */
#include "cpu/timing/cva6/queue.h"
#include "tests/cpu/timing/unit.h"

static const struct cva6_params params = { .queue_depth = 4, .queue_targets = 2 };

/* Puts in a word of two instructions at pc; returns the bits of those that were accepted. */
static unsigned push(struct cva6_queue *queue, u64 pc, u8 flow, bool *replay)
{
	const struct cva6_fetched word[CVA6_FETCHED] = {
		{ .pc = pc }, { .pc = pc + 2, .flow = flow },
	};
	struct cva6_queue_room room = cva6_queue_room(queue, &params);

	return cva6_queue_push(queue, &room, word, 3, replay);
}

static void order_is_kept(void **state)
{
	struct cva6_queue queue = { 0 };
	struct cva6_fetched got;
	bool replay;

	for (u64 pc = 0; pc < 12; pc += 4)
		assert_int_equal(push(&queue, pc, CVA6_NO_FLOW, &replay), 3);
	for (u64 pc = 0; pc < 12; pc += 2) {
		assert_true(cva6_queue_pop(&queue, &got));
		assert_int_equal(got.pc, pc);
	}
	assert_false(cva6_queue_pop(&queue, &got));
}

static void what_does_not_fit_is_replayed(void **state)
{
	struct cva6_queue queue = { 0 };
	const struct cva6_fetched one = { .pc = 100 };
	struct cva6_queue_room room = cva6_queue_room(&queue, &params);
	bool replay;

	assert_int_equal(cva6_queue_push(&queue, &room, &one, 1, &replay), 1);
	for (u64 pc = 0; pc < 12; pc += 4)
		assert_int_equal(push(&queue, pc, CVA6_NO_FLOW, &replay), 3);
	assert_false(replay);
	room = cva6_queue_room(&queue, &params);
	assert_false(cva6_queue_ready(&room));
	/* Seven places are used: of two more instructions the first one fits. */
	assert_int_equal(push(&queue, 12, CVA6_NO_FLOW, &replay), 1);
	assert_true(replay);
}

/*
 * A place that becomes free in a cycle can be used in the next one: the free places are those at
 * the start of the cycle.
 */
static void room_is_of_the_cycles_start(void **state)
{
	struct cva6_queue queue = { 0 };
	const struct cva6_fetched word[CVA6_FETCHED] = { { 0 } };
	struct cva6_queue_room room;
	struct cva6_fetched got;
	bool replay;

	for (u64 pc = 0; pc < 16; pc += 4)
		push(&queue, pc, CVA6_NO_FLOW, &replay);
	room = cva6_queue_room(&queue, &params);
	assert_true(cva6_queue_pop(&queue, &got));
	assert_int_equal(cva6_queue_push(&queue, &room, word, 1, &replay), 0);
	assert_true(replay);
	room = cva6_queue_room(&queue, &params);
	assert_int_equal(cva6_queue_push(&queue, &room, word, 1, &replay), 1);
}

/* If there is no place for the target of a jump, the whole word is fetched again. */
static void targets_are_few(void **state)
{
	struct cva6_queue queue = { 0 };
	struct cva6_queue_room room;
	struct cva6_fetched got;
	bool replay;

	assert_int_equal(push(&queue, 0, CVA6_FLOW_JUMP, &replay), 3);
	assert_int_equal(push(&queue, 4, CVA6_FLOW_JUMP, &replay), 3);
	room = cva6_queue_room(&queue, &params);
	assert_false(cva6_queue_ready(&room));
	assert_int_equal(push(&queue, 8, CVA6_FLOW_JUMP, &replay), 0);
	assert_true(replay);
	/* A word without a jump needs no such place. */
	assert_int_equal(push(&queue, 8, CVA6_NO_FLOW, &replay), 3);
	cva6_queue_pop(&queue, &got);
	cva6_queue_pop(&queue, &got);
	assert_int_equal(got.flow, CVA6_FLOW_JUMP);
	assert_int_equal(push(&queue, 12, CVA6_FLOW_JUMP, &replay), 3);
	cva6_queue_flush(&queue);
	assert_false(cva6_queue_pop(&queue, &got));
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(order_is_kept),
	cmocka_unit_test(what_does_not_fit_is_replayed),
	cmocka_unit_test(room_is_of_the_cycles_start),
	cmocka_unit_test(targets_are_few),
	{ 0 },
};
