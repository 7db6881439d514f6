/* SPDX-License-Identifier: MIT */
/* Tests the TLB: what an entry covers, and which one is replaced. */
#include "cpu/timing/units/plru_tlb.h"
#include "tests/cpu/timing/unit.h"

#define LEAF(pa) ((u64)(pa) >> 12 << 10 | 0xcf)

static void plru_tlb_fill_page(struct plru_tlb *tlb, u64 va, u64 pa, u8 level)
{
	const struct plru_tlb_entry entry = {
		.va = va, .leaf = LEAF(pa), .asid = 7, .level = level,
	};

	plru_tlb_fill(tlb, &entry);
}

static void pages_of_all_sizes(void **state)
{
	struct plru_tlb tlb = { .entries = 4 };
	const struct plru_tlb_entry *entry;

	plru_tlb_fill_page(&tlb, 0x40001234, 0x80005000, 0);
	entry = plru_tlb_find(&tlb, 0x40001fff, 7);
	assert_non_null(entry);
	assert_int_equal(plru_tlb_translate(entry, 0x40001fff), 0x80005fff);
	assert_null(plru_tlb_find(&tlb, 0x40002000, 7));

	memset(&tlb, 0, sizeof(tlb));
	tlb.entries = 4;
	plru_tlb_fill_page(&tlb, 0x40212345, 0x80400000, 1);
	entry = plru_tlb_find(&tlb, 0x403fffff, 7);
	assert_non_null(entry);
	assert_int_equal(plru_tlb_translate(entry, 0x403fffff), 0x805fffff);
	assert_null(plru_tlb_find(&tlb, 0x40400000, 7));
}

static void address_spaces_are_kept_apart(void **state)
{
	struct plru_tlb tlb = { .entries = 4 };
	const struct plru_tlb_entry global = {
		.va = 0x5000, .leaf = LEAF(0x9000), .asid = 1, .global = true,
	};

	plru_tlb_fill_page(&tlb, 0x1000, 0x80000000, 0);
	assert_non_null(plru_tlb_find(&tlb, 0x1000, 7));
	assert_null(plru_tlb_find(&tlb, 0x1000, 8));
	/* An entry that was used is not replaced next. */
	plru_tlb_touch(&tlb, plru_tlb_find(&tlb, 0x1000, 7));
	plru_tlb_fill(&tlb, &global);
	assert_non_null(plru_tlb_find(&tlb, 0x1000, 7));
	assert_non_null(plru_tlb_find(&tlb, 0x5000, 8));
}

static void touch(struct plru_tlb *tlb, u64 va)
{
	const struct plru_tlb_entry *entry = plru_tlb_find(tlb, va, 7);

	assert_non_null(entry);
	plru_tlb_touch(tlb, entry);
}

/*
 * If as many pages as there are entries are used in turn, all stay; the tree fills each entry once.
 */
static void as_many_pages_as_entries(void **state)
{
	struct plru_tlb tlb = { .entries = 16 };

	for (u64 page = 0; page < 16; page++) {
		plru_tlb_fill_page(&tlb, page * PAGE_SIZE, 0x80000000, 0);
		touch(&tlb, page * PAGE_SIZE);
	}
	for (u64 page = 0; page < 16; page++)
		touch(&tlb, page * PAGE_SIZE);
}

/* The tree points away from what was used last, half by half. */
static void the_other_half_is_replaced(void **state)
{
	struct plru_tlb tlb = { .entries = 4 };

	for (u64 page = 0; page < 4; page++) {
		plru_tlb_fill_page(&tlb, page * PAGE_SIZE, 0x80000000, 0);
		touch(&tlb, page * PAGE_SIZE);
	}
	touch(&tlb, (u64)(tlb.entry[0].va));
	plru_tlb_fill_page(&tlb, 9 * PAGE_SIZE, 0x80000000, 0);
	/* The older entry of the other half is replaced. */
	assert_int_equal(tlb.entry[2].va, 9 * PAGE_SIZE);
}

/* A cached search for a page is dropped when an entry changes, whatever changes it. */
static void what_was_found_is_looked_for_again(void **state)
{
	struct plru_tlb tlb = { .entries = 2 }, copy = { .entries = 2 };
	u64 pa;

	assert_null(plru_tlb_look_up(&tlb, 0x1234, 7, &pa));
	plru_tlb_fill_page(&tlb, 0x1000, 0x80000000, 0);
	assert_ptr_equal(plru_tlb_look_up(&tlb, 0x1234, 7, &pa), &tlb.entry[0]);
	assert_int_equal(pa, 0x80000234);
	assert_ptr_equal(plru_tlb_look_up(&tlb, 0x1678, 7, &pa), &tlb.entry[0]);
	assert_int_equal(pa, 0x80000678);
	assert_null(plru_tlb_look_up(&tlb, 0x1234, 8, &pa));
	assert_null(plru_tlb_look_up(&tlb, 0x1234 + PLRU_TLB_FOUND * PAGE_SIZE, 7, &pa));
	assert_ptr_equal(plru_tlb_look_up(&tlb, 0x1234, 7, &pa), &tlb.entry[0]);

	plru_tlb_copy(&copy, &tlb);
	assert_ptr_equal(plru_tlb_look_up(&copy, 0x1234, 7, &pa), &copy.entry[0]);
	tlb.entry[0].valid = false;
	plru_tlb_changed(&tlb);
	assert_null(plru_tlb_look_up(&tlb, 0x1234, 7, &pa));
	plru_tlb_copy(&copy, &tlb);
	assert_null(plru_tlb_look_up(&copy, 0x1234, 7, &pa));
}

/* If an entry is used again, the other one is still replaced next; also in a copied tree. */
static void what_was_used_last_stays(void **state)
{
	struct plru_tlb tlb = { .entries = 2 }, copy = { .entries = 2 };

	plru_tlb_fill_page(&tlb, 0x1000, 0x80000000, 0);
	touch(&tlb, 0x1000);
	touch(&tlb, 0x1000);
	plru_tlb_fill_page(&tlb, 0x2000, 0x80000000, 0);
	assert_int_equal(tlb.entry[1].va, 0x2000);
	touch(&tlb, 0x2000);
	plru_tlb_copy(&copy, &tlb);
	touch(&copy, 0x1000);
	plru_tlb_copy(&copy, &tlb);
	touch(&copy, 0x1000);
	plru_tlb_fill_page(&copy, 0x3000, 0x80000000, 0);
	assert_int_equal(copy.entry[1].va, 0x3000);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(pages_of_all_sizes),
	cmocka_unit_test(address_spaces_are_kept_apart),
	cmocka_unit_test(as_many_pages_as_entries),
	cmocka_unit_test(the_other_half_is_replaced),
	cmocka_unit_test(what_was_found_is_looked_for_again),
	cmocka_unit_test(what_was_used_last_stays),
	{ 0 },
};
