/* SPDX-License-Identifier: MIT */
/* Tests the lines of a cache: which one is replaced, by each rule, and what was written. */
#include "cpu/timing/inorder/cache.h"
#include "cpu/timing/inorder/params.h"
#include "tests/cmocka.h"

#define LINE 64
#define SETS 4
#define WAYS 4
#define NEXT ((u64)LINE * SETS) /* the distance of two lines of a set */

static void cache_prepare(struct inorder_cache *cache, unsigned replacement)
{
	const struct tags_shape shape = { .sets = SETS, .ways = WAYS, .line = LINE };

	assert_int_equal(inorder_cache_init(cache, &shape, replacement), 0);
	for (u64 n = 0; n < WAYS; n++) {
		assert_false(inorder_cache_access(cache, n * NEXT, false));
		assert_false(inorder_cache_fill(cache, n * NEXT, 0));
	}
	/* The first line is used again. */
	assert_true(inorder_cache_access(cache, LINE - 1, false));
	inorder_cache_fill(cache, WAYS * NEXT, 0);
}

static void the_least_recently_used_leaves(void **state)
{
	struct inorder_cache cache;

	cache_prepare(&cache, INORDER_LRU);
	assert_true(inorder_cache_holds(&cache, 0));
	assert_false(inorder_cache_holds(&cache, NEXT));
	assert_true(inorder_cache_holds(&cache, 2 * NEXT));
	inorder_cache_free(&cache);
}

static void the_first_one_in_leaves(void **state)
{
	struct inorder_cache cache;

	cache_prepare(&cache, INORDER_FIFO);
	assert_false(inorder_cache_holds(&cache, 0));
	assert_true(inorder_cache_holds(&cache, NEXT));
	inorder_cache_free(&cache);
}

static void one_of_them_leaves(void **state)
{
	struct inorder_cache cache;
	unsigned there = 0;

	cache_prepare(&cache, INORDER_RANDOM);
	for (u64 n = 0; n < WAYS; n++)
		there += inorder_cache_holds(&cache, n * NEXT);
	assert_int_equal(there, WAYS - 1);
	assert_true(inorder_cache_holds(&cache, WAYS * NEXT));
	inorder_cache_free(&cache);
}

static void what_was_written_is_told_when_it_leaves(void **state)
{
	const struct tags_shape shape = { .sets = 1, .ways = 1, .line = LINE };
	struct inorder_cache cache;

	assert_int_equal(inorder_cache_init(&cache, &shape, INORDER_LRU), 0);
	assert_false(inorder_cache_fill(&cache, 0, 0));
	assert_true(inorder_cache_access(&cache, 8, true));
	assert_true(inorder_cache_fill(&cache, LINE, INORDER_LINE_WRITTEN));
	assert_true(inorder_cache_fill(&cache, 0, 0));
	assert_false(inorder_cache_fill(&cache, LINE, INORDER_LINE_WRITTEN));
	inorder_cache_clear(&cache);
	assert_false(inorder_cache_holds(&cache, LINE));
	assert_false(inorder_cache_fill(&cache, LINE, 0));
	inorder_cache_free(&cache);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(the_least_recently_used_leaves),
	cmocka_unit_test(the_first_one_in_leaves),
	cmocka_unit_test(one_of_them_leaves),
	cmocka_unit_test(what_was_written_is_told_when_it_leaves),
	{ 0 },
};
