/* SPDX-License-Identifier: MIT */
/* Tests lists of the outcome of a trace: what is reported, and what is counted. */
#include "cpu/timing/memo/retired.h"
#include "tests/cmocka.h"

#include <stdlib.h>
#include <string.h>

static struct retired *retired;

static int retired_setup(void **state)
{
	retired = calloc(1, sizeof(*retired));
	return retired ? 0 : -1;
}

static int retired_teardown(void **state)
{
	free(retired);
	return 0;
}

/* The reports to a host. */
struct heard {
	u64 spent[TIMING_CAUSES], records[4], cycles[4];
	unsigned left;
};

static void retired_on_attribute(void *ctx, enum timing_cause cause, u64 cycles)
{
	((struct heard *)ctx)->spent[cause] += cycles;
}

static void retired_on_commit(void *ctx, u64 record, u64 cycle)
{
	struct heard *heard = ctx;

	assert_true(heard->left < ARRAY_SIZE(heard->records));
	heard->records[heard->left] = record;
	heard->cycles[heard->left++] = cycle;
}

static void a_host_hears_it_as_it_was(void **state)
{
	struct heard heard = { .left = 0 };
	const struct timing_host host = {
		.ctx = &heard, .attribute = retired_on_attribute, .commit = retired_on_commit,
	};

	retired_add(retired, CPI_ISSUE, 1);
	retired_add(retired, RETIRED_RECORD, 3);
	retired_add(retired, RETIRED_SHADOWS, 2);
	retired_add(retired, CPI_L1D, 20);
	retired_add(retired, RETIRED_RECORD, 24);
	retired_pass_on(retired->list, retired->count, &host, 100, 1000);
	assert_int_equal(heard.left, 2);
	assert_int_equal(heard.records[0], 100);
	assert_int_equal(heard.cycles[0], 1003);
	assert_int_equal(heard.records[1], 103);
	assert_int_equal(heard.cycles[1], 1024);
	assert_int_equal(heard.spent[CPI_ISSUE], 1);
	assert_int_equal(heard.spent[CPI_L1D], 20);
}

static void cycles_of_one_cause_are_one_entry(void **state)
{
	retired_add(retired, CPI_L1D, 20);
	retired_add(retired, CPI_L1D, 5);
	assert_int_equal(retired->count, 1);
	/* Two records that retire in the same cycle are two entries. */
	retired_add(retired, RETIRED_RECORD, 7);
	retired_add(retired, RETIRED_RECORD, 7);
	assert_int_equal(retired->count, 3);
}

static void what_has_no_room_is_said(void **state)
{
	retired_add(retired, CPI_L1D, 1ull << (32 - RETIRED_SHIFT));
	assert_true(retired->overflown);
	retired->overflown = false;
	for (unsigned n = 0; n < RETIRED_MAX; n++)
		retired_add(retired, RETIRED_RECORD, n);
	assert_false(retired->overflown);
	retired_add(retired, RETIRED_RECORD, RETIRED_MAX);
	assert_true(retired->overflown);
	assert_int_equal(retired->count, RETIRED_MAX);
}

static void counts_are_added_as_often_as_wanted(void **state)
{
	u64 from[TIMING_EVENTS] = { 0 }, to[TIMING_EVENTS], sum[TIMING_EVENTS] = { 0 };
	u32 list[TIMING_EVENTS];
	unsigned length;

	from[TIMING_BRANCH] = 10;
	memcpy(to, from, sizeof(to));
	to[TIMING_CYCLES] = 50;
	to[TIMING_BRANCH] += 3;
	to[TIMING_INSTRUCTIONS] += 7;
	assert_false(retired_counts(from, to, list, 1, &length));
	assert_true(retired_counts(from, to, list, TIMING_EVENTS, &length));
	assert_int_equal(length, 2);
	retired_count(sum, list, length, 4);
	assert_int_equal(sum[TIMING_BRANCH], 12);
	assert_int_equal(sum[TIMING_INSTRUCTIONS], 28);
	assert_int_equal(sum[TIMING_CYCLES], 0);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test_setup_teardown(a_host_hears_it_as_it_was, retired_setup,
					retired_teardown),
	cmocka_unit_test_setup_teardown(cycles_of_one_cause_are_one_entry, retired_setup,
					retired_teardown),
	cmocka_unit_test_setup_teardown(what_has_no_room_is_said, retired_setup,
					retired_teardown),
	cmocka_unit_test(counts_are_added_as_often_as_wanted),
	{ 0 },
};
