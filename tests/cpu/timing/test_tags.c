/* SPDX-License-Identifier: MIT */
/* Tests the tags of a set-associative cache. */
#include "cpu/timing/units/tags_find.h"
#include "tests/cpu/timing/unit.h"

#define SETS 8
#define WAYS 4
#define LINE 16

static int tags_setup(void **state)
{
	static struct tags tags;
	const struct tags_shape shape = { SETS, WAYS, LINE };

	*state = &tags;
	return tags_init(&tags, &shape);
}

static int tags_teardown(void **state)
{
	tags_free(*state);
	return 0;
}

static void empty_at_first(void **state)
{
	struct tags *tags = *state;

	for (u64 address = 0; address < SETS * WAYS * LINE; address += LINE)
		assert_int_equal(tags_find(tags, address), -1);
	/* Zero is an address like any other: an empty line does not hit. */
	assert_int_equal(tags_find(tags, 0), -1);
}

static void lines_cover_their_bytes(void **state)
{
	struct tags *tags = *state;

	tags_fill(tags, 0x80001234, 2);
	assert_int_equal(tags_find(tags, 0x80001230), 2);
	assert_int_equal(tags_find(tags, 0x8000123f), 2);
	assert_int_equal(tags_find(tags, 0x80001240), -1);
	assert_int_equal(tags_find(tags, 0x80001230 + SETS * LINE), -1);
	assert_int_equal(tags_valid(tags, tags_set(tags, 0x80001230)), 4);
}

static void a_way_holds_one_line(void **state)
{
	struct tags *tags = *state;

	tags_fill(tags, 0x1000, 1);
	tags_fill(tags, 0x1000 + SETS * LINE, 1);
	assert_int_equal(tags_find(tags, 0x1000), -1);
	assert_int_equal(tags_find(tags, 0x1000 + SETS * LINE), 1);
}

/* Returns the way by the search with a hint. */
static int way_of(const struct tags *tags, u64 address)
{
	int place = tags_place_of(tags, address);

	return place == TAGS_NOWHERE ? -1 : (int)tags_way_of(tags, (u32)place);
}

/* The search with a hint gives the same result, wherever the line was before. */
static void where_it_was_is_no_answer(void **state)
{
	struct tags *tags = *state;

	tags_fill(tags, 0x2000, 3);
	assert_int_equal(way_of(tags, 0x2008), 3);
	tags_clear_way(tags, tags_set(tags, 0x2000), 3);
	assert_int_equal(way_of(tags, 0x2000), -1);
	tags_fill(tags, 0x2000, 0);
	assert_int_equal(way_of(tags, 0x2000), 0);
	tags_fill(tags, 0x2000 + SETS * LINE, 0);
	assert_false(tags_hold(tags, 0x2000));
}

/* The number of places is the next power of two. */
static void three_ways_do_as_well(void **state)
{
	const struct tags_shape shape = { SETS, 3, LINE };
	struct tags tags;

	assert_int_equal(tags_init(&tags, &shape), 0);
	for (u64 n = 0; n < SETS * 3; n++)
		tags_fill(&tags, n * LINE, (unsigned)(n / SETS));
	for (u64 n = 0; n < SETS * 3; n++) {
		assert_int_equal(tags_find(&tags, n * LINE), n / SETS);
		assert_int_equal(way_of(&tags, n * LINE), n / SETS);
	}
	assert_int_equal(tags_free_way(&tags, tags_valid(&tags, 0)), -1);
	tags_free(&tags);
}

static void free_ways_from_the_lowest(void **state)
{
	struct tags *tags = *state;

	assert_int_equal(tags_free_way(tags, 0x0), 0);
	assert_int_equal(tags_free_way(tags, 0x5), 1);
	assert_int_equal(tags_free_way(tags, 0x7), 3);
	assert_int_equal(tags_free_way(tags, 0xf), -1);
}

static void sets_are_cleared_alone(void **state)
{
	struct tags *tags = *state;

	tags_fill(tags, 0, 0);
	tags_fill(tags, LINE, 0);
	tags_clear_set(tags, 0);
	assert_int_equal(tags_find(tags, 0), -1);
	assert_int_equal(tags_find(tags, LINE), 0);
	tags_reset(tags);
	assert_int_equal(tags_find(tags, LINE), -1);
}

static void copies_are_independent(void **state)
{
	const struct tags_shape shape = { SETS, WAYS, LINE };
	struct tags *tags = *state, copy;

	assert_int_equal(tags_init(&copy, &shape), 0);
	tags_fill(tags, 0x40, 3);
	assert_true(tags_copy(&copy, tags));
	assert_false(tags_copy(&copy, tags));
	tags_clear_set(tags, tags_set(tags, 0x40));
	assert_int_equal(tags_find(&copy, 0x40), 3);
	/* A change of either one makes them differ. */
	assert_true(tags_copy(&copy, tags));
	assert_int_equal(tags_find(&copy, 0x40), -1);
	tags_fill(&copy, 0x80, 0);
	assert_true(tags_copy(&copy, tags));
	assert_int_equal(tags_find(&copy, 0x80), -1);
	tags_free(&copy);
}

/* Lines whose distance is 256 times that of two lines of a set have the same digest. */
static void lines_that_look_alike_are_told_apart(void **state)
{
	struct tags *tags = *state;
	const u64 apart = 256 * SETS * LINE;

	tags_fill(tags, 0, 2);
	tags_fill(tags, 2 * apart, 1);
	assert_int_equal(tags_find(tags, 0), 2);
	assert_int_equal(tags_find(tags, apart), -1);
	assert_int_equal(tags_find(tags, 2 * apart), 1);
}

/*
 * The notes in a tag do not change which line is found, and stay after the line is gone until
 * another one is filled in.
 */
static void notes_do_not_hide_a_line(void **state)
{
	struct tags *tags = *state;
	u32 place = tags_first(tags, 0x1230) + 1;

	tags_put(tags, 0x1234, place, TAGS_NOTES);
	assert_int_equal(tags_find(tags, 0x123f), 1);
	assert_int_equal(way_of(tags, 0x1230), 1);
	tags_clear_way(tags, tags_set(tags, 0x1230), 1);
	assert_int_equal(tags_find(tags, 0x1230), -1);
	assert_int_equal(tags->lines[place] & TAGS_NOTES, TAGS_NOTES);
	tags_put(tags, 0x1230, place, 0);
	assert_int_equal(tags->lines[place], 0x1230);
}

static void what_was_loaded_is_found(void **state)
{
	struct tags *tags = *state;

	tags_fill(tags, 0x1230, 1);
	tags->lines[*tags_recent(tags, 0x1230)] = 0x1230 + 3 * SETS * LINE;
	tags_loaded(tags);
	assert_int_equal(tags_find(tags, 0x1230), -1);
	assert_int_equal(tags_find(tags, 0x1230 + 3 * SETS * LINE), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, tags_setup, tags_teardown)

const struct CMUnitTest unit_tests[] = {
	TEST(empty_at_first),	       TEST(lines_cover_their_bytes),
	TEST(a_way_holds_one_line),    TEST(free_ways_from_the_lowest),
	TEST(where_it_was_is_no_answer), TEST(three_ways_do_as_well),
	TEST(sets_are_cleared_alone),  TEST(copies_are_independent),
	TEST(lines_that_look_alike_are_told_apart), TEST(what_was_loaded_is_found),
	TEST(notes_do_not_hide_a_line),
	{ 0 },
};
