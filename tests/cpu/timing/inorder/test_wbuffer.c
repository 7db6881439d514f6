/* SPDX-License-Identifier: MIT */
/* Tests a write buffer of two words that sends one write at a time, for 10 cycles each. */
#include "cpu/timing/inorder/wbuffer.h"
#include "tests/cmocka.h"

#include <string.h>

static const struct inorder_params params = {
	.wbuffer_words = 2, .wbuffer_writes = 1, .wbuffer_overhead = 2, .memory_latency = 8,
	.dcache_line = 16,
};

static void stores_to_a_word_go_together(void **state)
{
	struct inorder_wbuffer buffer;

	inorder_wbuffer_reset(&buffer, &params);
	/* The first write is sent in cycle 101; the others merge meanwhile. */
	assert_int_equal(inorder_wbuffer_put(&buffer, 0x1000, 8, 100), 100);
	assert_int_equal(inorder_wbuffer_put(&buffer, 0x2000, 4, 101), 101);
	assert_int_equal(inorder_wbuffer_put(&buffer, 0x2004, 4, 102), 102);
	assert_int_equal(inorder_wbuffer_drain(&buffer), 101 + 10 + 10);
}

static void odd_bytes_go_one_by_one(void **state)
{
	struct inorder_wbuffer buffer;

	inorder_wbuffer_reset(&buffer, &params);
	inorder_wbuffer_put(&buffer, 0x1000, 8, 100);
	inorder_wbuffer_put(&buffer, 0x2000, 2, 101);
	inorder_wbuffer_put(&buffer, 0x2002, 1, 102);
	/*
	 * Three bytes are sent one by one, the lowest first, because the last two are not an
	 * aligned halfword.
	 */
	assert_int_equal(inorder_wbuffer_drain(&buffer), 101 + 10 + 3 * 10);
}

static void a_full_buffer_keeps_a_store_out(void **state)
{
	struct inorder_wbuffer buffer;

	inorder_wbuffer_reset(&buffer, &params);
	inorder_wbuffer_put(&buffer, 0x1000, 8, 100);
	inorder_wbuffer_put(&buffer, 0x2000, 8, 101);
	assert_int_equal(inorder_wbuffer_put(&buffer, 0x3000, 8, 102), 111);
	assert_int_equal(inorder_wbuffer_drain(&buffer), 111 + 10 + 10);
}

static void a_word_in_flight_is_sent_again(void **state)
{
	struct inorder_wbuffer buffer;

	inorder_wbuffer_reset(&buffer, &params);
	inorder_wbuffer_put(&buffer, 0x1000, 8, 100);
	assert_int_equal(inorder_wbuffer_put(&buffer, 0x1000, 8, 105), 105);
	assert_int_equal(inorder_wbuffer_drain(&buffer), 111 + 10);
}

static void a_read_waits_for_writes_to_its_line(void **state)
{
	struct inorder_wbuffer buffer;

	inorder_wbuffer_reset(&buffer, &params);
	assert_int_equal(inorder_wbuffer_read(&buffer, 0x1000, 50), 50);
	inorder_wbuffer_put(&buffer, 0x1000, 8, 100);
	assert_int_equal(inorder_wbuffer_read(&buffer, 0x1008, 102), 111);
	assert_int_equal(inorder_wbuffer_read(&buffer, 0x1008, 112), 112);
}

/* Words whose numbers have the same lowest byte are different words. */
static void words_that_look_alike_are_two(void **state)
{
	struct inorder_wbuffer buffer;

	inorder_wbuffer_reset(&buffer, &params);
	inorder_wbuffer_put(&buffer, 0x1000, 8, 100);
	inorder_wbuffer_put(&buffer, 0x2000, 4, 101);
	/* The buffer is full: 0x2000 is another word, and 0x1000 is being sent until cycle 111. */
	assert_int_equal(inorder_wbuffer_put(&buffer, 0x2000 + 8 * 256, 4, 102), 111);
}

/* After a save and a load, the state that follows from the words is derived again. */
static void what_was_loaded_goes_on(void **state)
{
	struct inorder_wbuffer buffer;

	inorder_wbuffer_reset(&buffer, &params);
	inorder_wbuffer_put(&buffer, 0x1000, 8, 100);
	inorder_wbuffer_put(&buffer, 0x2000, 4, 101);
	buffer.dirty = 0;
	buffer.ready = buffer.room = buffer.due = 0;
	memset(buffer.digests, 0, sizeof(buffer.digests));
	inorder_wbuffer_loaded(&buffer);
	assert_int_equal(inorder_wbuffer_put(&buffer, 0x2004, 4, 102), 102);
	assert_int_equal(inorder_wbuffer_drain(&buffer), 101 + 10 + 10);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(stores_to_a_word_go_together),
	cmocka_unit_test(odd_bytes_go_one_by_one),
	cmocka_unit_test(a_full_buffer_keeps_a_store_out),
	cmocka_unit_test(a_word_in_flight_is_sent_again),
	cmocka_unit_test(a_read_waits_for_writes_to_its_line),
	cmocka_unit_test(words_that_look_alike_are_two),
	cmocka_unit_test(what_was_loaded_goes_on),
	{ 0 },
};
