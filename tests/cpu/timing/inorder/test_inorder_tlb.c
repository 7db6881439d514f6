/* SPDX-License-Identifier: MIT */
/*
 * Tests TLBs, both direct-mapped and fully associative ones: pages of all sizes, address spaces,
 * and replacement.
 */
#include "cpu/timing/inorder/tlb.h"
#include "tests/cmocka.h"

static struct inorder_page page_at(u64 va, u64 size, u64 space)
{
	return (struct inorder_page){ .va = va, .size = size, .pa = va, .space = space };
}

static void the_least_recently_used_page_leaves(void **state)
{
	struct inorder_tlb tlb = { .entries = 0 };

	/* The number of entries is no power of two. */
	assert_int_equal(inorder_tlb_init(&tlb, 3, false), 0);
	for (u64 n = 0; n < 3; n++) {
		struct inorder_page page = page_at(n * PAGE_SIZE, PAGE_SIZE, 1);

		inorder_tlb_fill(&tlb, &page);
	}
	assert_non_null(inorder_tlb_find(&tlb, 0, 1));
	inorder_tlb_fill(&tlb, &(struct inorder_page){
		.va = 2 * MiB, .size = 2 * MiB, .space = 1,
	});
	assert_non_null(inorder_tlb_find(&tlb, 0, 1));
	assert_null(inorder_tlb_find(&tlb, PAGE_SIZE, 1));
	assert_non_null(inorder_tlb_find(&tlb, 4 * MiB - 1, 1));
	assert_null(inorder_tlb_find(&tlb, 4 * MiB, 1));
	inorder_tlb_clear(&tlb);
	assert_null(inorder_tlb_find(&tlb, 0, 1));
	inorder_tlb_free(&tlb);
}

static void a_page_belongs_to_its_space_unless_it_is_global(void **state)
{
	struct inorder_tlb tlb = { .entries = 0 };
	struct inorder_page page = page_at(PAGE_SIZE, PAGE_SIZE, 1);

	assert_int_equal(inorder_tlb_init(&tlb, 4, false), 0);
	inorder_tlb_fill(&tlb, &page);
	assert_non_null(inorder_tlb_find(&tlb, PAGE_SIZE, 1));
	assert_null(inorder_tlb_find(&tlb, PAGE_SIZE, 2));
	page = page_at(2 * PAGE_SIZE, PAGE_SIZE, 1);
	page.global = true;
	inorder_tlb_fill(&tlb, &page);
	assert_non_null(inorder_tlb_find(&tlb, 2 * PAGE_SIZE, 2));
	inorder_tlb_free(&tlb);
}

static void an_indexed_one_has_one_place_for_a_page(void **state)
{
	struct inorder_tlb tlb = { .entries = 0 };
	struct inorder_page page = page_at(PAGE_SIZE, PAGE_SIZE, 1);

	assert_int_equal(inorder_tlb_init(&tlb, 8, true), 0);
	inorder_tlb_fill(&tlb, &page);
	page.va += PAGE_SIZE;
	inorder_tlb_fill(&tlb, &page);
	assert_non_null(inorder_tlb_find(&tlb, PAGE_SIZE, 1));
	page.va += 7 * PAGE_SIZE;
	inorder_tlb_fill(&tlb, &page);
	assert_null(inorder_tlb_find(&tlb, PAGE_SIZE, 1));
	assert_non_null(inorder_tlb_find(&tlb, 9 * PAGE_SIZE, 1));
	inorder_tlb_free(&tlb);
}

static void one_without_entries_knows_nothing(void **state)
{
	struct inorder_tlb tlb = { .entries = 0 };
	struct inorder_page page = page_at(0, PAGE_SIZE, 1);

	assert_int_equal(inorder_tlb_init(&tlb, 0, true), 0);
	assert_ptr_equal(inorder_tlb_fill(&tlb, &page), &page);
	assert_null(inorder_tlb_find(&tlb, 0, 1));
	inorder_tlb_free(&tlb);
}

static void pages_are_forgotten_one_by_one(void **state)
{
	const struct inorder_forget of_space = { .space = 1, .all = true };
	const struct inorder_forget of_address = { .va = 5 * PAGE_SIZE + 8, .spaces = true };
	struct inorder_tlb tlb = { .entries = 0 };

	assert_int_equal(inorder_tlb_init(&tlb, 8, false), 0);
	for (u64 n = 1; n <= 5; n++) {
		struct inorder_page page = page_at(n * PAGE_SIZE, PAGE_SIZE, 1 + n % 2);

		page.global = n >= 4;
		inorder_tlb_fill(&tlb, &page);
	}
	inorder_tlb_forget(&tlb, &of_space);
	assert_non_null(inorder_tlb_find(&tlb, PAGE_SIZE, 2));
	assert_null(inorder_tlb_find(&tlb, 2 * PAGE_SIZE, 1));
	assert_non_null(inorder_tlb_find(&tlb, 4 * PAGE_SIZE, 1));
	inorder_tlb_forget(&tlb, &of_address);
	assert_null(inorder_tlb_find(&tlb, 5 * PAGE_SIZE, 2));
	assert_non_null(inorder_tlb_find(&tlb, 4 * PAGE_SIZE, 1));
	inorder_tlb_free(&tlb);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(the_least_recently_used_page_leaves),
	cmocka_unit_test(a_page_belongs_to_its_space_unless_it_is_global),
	cmocka_unit_test(an_indexed_one_has_one_place_for_a_page),
	cmocka_unit_test(pages_are_forgotten_one_by_one),
	cmocka_unit_test(one_without_entries_knows_nothing),
	{ 0 },
};
