/* SPDX-License-Identifier: MIT */
/* Tests CVA6's load/store unit before a data cache that always hits: results, conflicts, faults. */
#include "cpu/timing/cva6/lsu.h"
#include "tests/cpu/timing/unit.h"

#define VA 0x80001000ull
#define CAUSE_LOAD_PAGE_FAULT 13

static const struct cva6_params params = {
	.issue_entries = 8, .store_speculative = 4, .store_committed = 4,
};

struct bench {
	struct cva6_lsu lsu;
	struct cva6_scoreboard sb;
	struct cva6_lsu_cycle cycle;
	struct cva6_writeback writeback; /* the write-back of the last cycle */
	bool reading; /* the cache answers in this cycle */
	u8 reading_id;
};

/*
 * The input of a cycle: the slot of the entering instruction, or -1; and the stores that commit, or
 * leave for the cache.
 */
struct input {
	int entering;
	bool commit, store_granted, flush, misses; /* misses: the TLB misses */
};

static void cva6_lsu_step_input(struct bench *bench, struct input in)
{
	struct cva6_lsu_cycle *cycle = &bench->cycle;

	*cycle = (struct cva6_lsu_cycle){
		.entering = in.entering, .commit = in.commit, .store_granted = in.store_granted,
		.flush = in.flush, .hit = !in.misses,
	};
	bench->writeback = (struct cva6_writeback){ 0 };
	cva6_lsu_request(&bench->lsu, &bench->sb, cycle);
	cva6_lsu_result(&bench->lsu, &bench->sb, cycle, &bench->writeback);
	cycle->granted = cycle->load_request;
	cycle->answered = bench->reading;
	cycle->answered_id = bench->reading_id;
	bench->reading = cycle->granted;
	bench->reading_id = cycle->load_id;
	cva6_lsu_step(&bench->lsu, &params, &bench->sb, cycle);
}

static void rest(struct bench *bench)
{
	cva6_lsu_step_input(bench, (struct input){ .entering = -1 });
}

static void cva6_lsu_put(struct bench *bench, unsigned slot, u8 unit, u64 va)
{
	bench->sb.entry[slot] = (struct cva6_entry){
		.uop = { .unit = unit }, .va = va, .pa = va, .size = 8,
	};
}

/* Returns the cycles until something of the slot is written back. */
static unsigned cva6_lsu_await(struct bench *bench, unsigned slot)
{
	unsigned n = 0;

	while (!(bench->writeback.done >> slot & 1) && n < 100) {
		rest(bench);
		n++;
	}
	return n;
}

/*
 * A load takes a cycle each for its address, its tag, and a register: it is done in the third one.
 */
static void loads_take_three_cycles(void **state)
{
	struct bench bench = { 0 };

	cva6_lsu_put(&bench, 0, CVA6_LOAD, VA);
	cva6_lsu_put(&bench, 1, CVA6_LOAD, VA + 64);
	cva6_lsu_step_input(&bench, (struct input){ .entering = 0 });
	cva6_lsu_step_input(&bench, (struct input){ .entering = 1 });
	assert_int_equal(bench.writeback.done, 0);
	rest(&bench);
	assert_int_equal(bench.writeback.done, 1);
	rest(&bench);
	assert_int_equal(bench.writeback.done, 2);
}

/* A store to the same offset in any page delays a load until the cache has it. */
static void loads_wait_for_stores_of_their_offset(void **state)
{
	struct bench bench = { 0 };

	cva6_lsu_put(&bench, 0, CVA6_STORE, VA + 8);
	cva6_lsu_put(&bench, 1, CVA6_LOAD, VA + 8 + 5 * PAGE_SIZE);
	cva6_lsu_step_input(&bench, (struct input){ .entering = 0 });
	cva6_lsu_step_input(&bench, (struct input){ .entering = 1 });
	assert_int_equal(bench.writeback.done, 1);
	for (unsigned n = 0; n < 10; n++) {
		rest(&bench);
		assert_int_equal(bench.writeback.done, 0);
	}
	cva6_lsu_step_input(&bench, (struct input){ .entering = -1, .commit = true });
	rest(&bench);
	cva6_lsu_step_input(&bench, (struct input){ .entering = -1, .store_granted = true });
	/*
	 * There is a cycle each for noticing that the store is gone, for the request, tag, and
	 * register.
	 */
	assert_int_equal(cva6_lsu_await(&bench, 1), 4);
}

static void loads_of_other_places_do_not(void **state)
{
	struct bench bench = { 0 };

	cva6_lsu_put(&bench, 0, CVA6_STORE, VA + 8);
	cva6_lsu_put(&bench, 1, CVA6_LOAD, VA + 16);
	cva6_lsu_step_input(&bench, (struct input){ .entering = 0 });
	cva6_lsu_step_input(&bench, (struct input){ .entering = 1 });
	assert_int_equal(cva6_lsu_await(&bench, 1), 2);
}

/* Four stores fit before commit; a fifth waits for one to commit. */
static void stores_fill_their_queue(void **state)
{
	struct bench bench = { 0 };

	for (unsigned slot = 0; slot < 5; slot++) {
		cva6_lsu_put(&bench, slot, CVA6_STORE, VA + 64 * slot);
		cva6_lsu_step_input(&bench, (struct input){ .entering = (int)slot });
	}
	for (unsigned n = 0; n < 10; n++)
		rest(&bench);
	assert_int_equal(bench.lsu.speculative.count, 4);
	assert_int_equal(bench.lsu.waiting_count, 1);
	cva6_lsu_step_input(&bench, (struct input){ .entering = -1, .commit = true });
	assert_true(cva6_lsu_await(&bench, 4) < 5);
	rest(&bench);
	assert_int_equal(bench.lsu.committed.count, 1);
	assert_int_equal(bench.lsu.speculative.count, 4);
}

/* A fault is known at once: the result is the exception, in the same time. */
static void faults_are_results(void **state)
{
	struct bench bench = { 0 };

	cva6_lsu_put(&bench, 3, CVA6_LOAD, VA);
	bench.sb.entry[3].flags = TIMING_TRAP;
	bench.sb.entry[3].cause = CAUSE_LOAD_PAGE_FAULT;
	cva6_lsu_step_input(&bench, (struct input){ .entering = 3 });
	assert_int_equal(cva6_lsu_await(&bench, 3), 2);
	assert_int_equal(bench.writeback.exception, 8);
}

/* The cache request was made before the translation was known, and is withdrawn. */
static void translations_are_waited_for(void **state)
{
	struct bench bench = { 0 };

	cva6_lsu_put(&bench, 0, CVA6_LOAD, VA);
	cva6_lsu_step_input(&bench, (struct input){ .entering = 0, .misses = true });
	for (unsigned n = 0; n < 10; n++) {
		cva6_lsu_step_input(&bench, (struct input){ .entering = -1, .misses = true });
		assert_int_equal(bench.writeback.done, 0);
	}
	assert_int_equal(bench.lsu.load_state, CVA6_LOAD_WAIT_TRANSLATION);
	assert_int_equal(cva6_lsu_await(&bench, 0), 4);
}

static void a_flush_keeps_what_has_committed(void **state)
{
	struct bench bench = { 0 };

	cva6_lsu_put(&bench, 0, CVA6_STORE, VA);
	cva6_lsu_put(&bench, 1, CVA6_STORE, VA + 64);
	cva6_lsu_put(&bench, 2, CVA6_LOAD, VA + 128);
	for (int slot = 0; slot < 3; slot++)
		cva6_lsu_step_input(&bench, (struct input){ .entering = slot });
	cva6_lsu_step_input(&bench, (struct input){ .entering = -1, .commit = true });
	cva6_lsu_step_input(&bench, (struct input){ .entering = -1, .flush = true });
	assert_int_equal(bench.lsu.committed.count, 1);
	assert_int_equal(bench.lsu.speculative.count, 0);
	for (unsigned n = 0; n < 5; n++) {
		rest(&bench);
		assert_int_equal(bench.writeback.done, 0);
	}
	assert_int_equal(bench.lsu.load_state, CVA6_LOAD_IDLE);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(loads_take_three_cycles),
	cmocka_unit_test(loads_wait_for_stores_of_their_offset),
	cmocka_unit_test(loads_of_other_places_do_not),
	cmocka_unit_test(stores_fill_their_queue),
	cmocka_unit_test(faults_are_results),
	cmocka_unit_test(translations_are_waited_for),
	cmocka_unit_test(a_flush_keeps_what_has_committed),
	{ 0 },
};
