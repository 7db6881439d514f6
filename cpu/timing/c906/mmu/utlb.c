/* SPDX-License-Identifier: MIT */
/* C906's micro-TLBs (aq_mmu_utlb.v, aq_mmu_utlb_entry.v, aq_mmu_plru.v). See mmu.h. */
#include "cpu/timing/c906/mmu/utlb.h"

#include "cpu/mmu/pte.h"
#include "cpu/timing/c906/lanes.h"

#include <string.h>

#define TREE_LEVELS 4

/*
 * The ten pages are at ten of the sixteen leaves of aq_mmu_plru.v's tree. For each page, these are
 * the nodes on the path to its leaf, and those of them at which the path goes to the left. A use of
 * the page makes all these nodes point away from it.
 */
#define NODE(leaf, level) BIT((C906_PLRU_NODES | (leaf)) >> ((level) + 1))
#define NODES(leaf) (NODE(leaf, 0) | NODE(leaf, 1) | NODE(leaf, 2) | NODE(leaf, 3))
#define LEFT(leaf, level) ((leaf) >> (level) & 1 ? 0 : NODE(leaf, level))
#define PAGE_AT(leaf) { NODES(leaf), LEFT(leaf, 0) | LEFT(leaf, 1) | LEFT(leaf, 2) | LEFT(leaf, 3) }
static const struct {
	u16 nodes, left;
} path[C906_UTLB_PAGES] = {
	PAGE_AT(0), PAGE_AT(1), PAGE_AT(3), PAGE_AT(5), PAGE_AT(7), PAGE_AT(9), PAGE_AT(11),
	PAGE_AT(13), PAGE_AT(14), PAGE_AT(15),
};

/* The page of each leaf. A leaf without a page of its own shares its sibling's. */
static const u8 page_of_leaf[C906_PLRU_NODES] = {
	0, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9,
};

static void c906_utlb_touch(struct c906_pages *pages, unsigned page)
{
	pages->tree = (u16)((pages->tree & ~path[page].nodes) | path[page].left);
}

static unsigned c906_pages_victim(const struct c906_pages *pages)
{
	u32 unused = ~(u32)pages->valid & (BIT(C906_UTLB_PAGES) - 1);
	unsigned node = 1;

	if (unused)
		return (unsigned)__builtin_ctz(unused);
	for (int level = 0; level < TREE_LEVELS; level++)
		node = 2 * node + (pages->tree >> node & 1);
	return page_of_leaf[node - C906_PLRU_NODES];
}

/* Returns whether a page holds addresses that another one holds, too. */
static bool c906_pages_overlap(const struct c906_pages *pages, const struct c906_page *page)
{
	for (unsigned left = pages->valid; left; left &= left - 1) {
		const struct c906_page *other = &pages->page[__builtin_ctz(left)];

		if (other != page && (c906_page_covers(other, page->va, page->mode) ||
				      c906_page_covers(page, other->va, other->mode)))
			return true;
	}
	return false;
}

/* Updates the number and digest of a page that has changed. */
static void c906_pages_note(struct c906_pages *pages, unsigned n)
{
	const struct c906_page *page = &pages->page[n];
	bool small = page->valid && !page->level;

	pages->number[n] = small ? c906_page_number(page->va, page->mode) : 0;
	pages->digest[n] = (u16)pages->number[n];
	pages->valid &= (u16)~BIT(n);
	pages->valid |= (u16)(page->valid << n);
	pages->large |= page->valid && page->level;
	pages->overlap |= page->valid && c906_pages_overlap(pages, page);
	if (pages->large)
		memset(pages->found, 0, sizeof(pages->found));
}

void c906_pages_renew(struct c906_pages *pages)
{
	pages->large = pages->overlap = false;
	memset(pages->found, 0, sizeof(pages->found));
	for (unsigned n = 0; n < C906_UTLB_PAGES; n++)
		c906_pages_note(pages, n);
}

void c906_pages_clear(struct c906_pages *pages)
{
	for (unsigned n = 0; n < C906_UTLB_PAGES; n++)
		pages->page[n].valid = false;
	c906_pages_renew(pages);
}

/*
 * Removes the pages of an address. Only eight bits of the page number are compared
 * (aq_mmu_utlb_entry.v).
 */
void c906_pages_clear_page(struct c906_pages *pages, u64 va)
{
	for (unsigned n = 0; n < C906_UTLB_PAGES; n++)
		if (bits(pages->page[n].va, 12, 8) == bits(va, 12, 8))
			pages->page[n].valid = false;
	c906_pages_renew(pages);
}

void c906_pages_fill(struct c906_pages *pages, const struct c906_page *page)
{
	unsigned n = c906_pages_victim(pages);

	pages->page[n] = *page;
	c906_pages_note(pages, n);
	c906_utlb_touch(pages, n);
}

/* Returns the index of the first valid page that covers an address, or -1. */
static int c906_pages_covering(const struct c906_pages *pages, u64 va, enum c906_mode mode)
{
	for (unsigned left = pages->valid; left; left &= left - 1) {
		int n = __builtin_ctz(left);

		if (c906_page_covers(&pages->page[n], va, mode))
			return n;
	}
	return -1;
}

/* If two pages hold an address, the one used last has priority over the first one. */
const struct c906_page *c906_pages_peek(const struct c906_pages *pages, u64 va, enum c906_mode mode)
{
	int n;

	if (c906_page_covers(&pages->page[pages->last], va, mode))
		return &pages->page[pages->last];
	n = c906_pages_covering(pages, va, mode);
	return n < 0 ? NULL : &pages->page[n];
}

/*
 * Returns the index of the first page with a number, or -1. It is for micro-TLBs without large
 * pages.
 */
static int c906_pages_alike(const struct c906_pages *pages, u64 number)
{
	_Static_assert(ARRAY_SIZE(pages->digest) == C906_LANES, "as many as are compared");
	unsigned left = c906_lanes_equal(pages->digest, UINT16_MAX, (u16)number) & pages->valid;

	for (; left; left &= left - 1) {
		int n = __builtin_ctz(left);

		if (pages->number[n] == number)
			return n;
	}
	return -1;
}

/* Returns the index of the page that c906_pages_peek returns, or -1. */
static int c906_pages_find_slow(struct c906_pages *pages, u64 va, enum c906_mode mode)
{
	struct c906_page_found *found = c906_pages_slot(pages, va);
	u64 number = c906_page_number(va, mode);
	int first;

	/* Comparing small pages is as quick as looking for them among those found. */
	if (likely(!pages->large))
		return c906_pages_alike(pages, number);
	if (found->number != number) {
		first = c906_pages_covering(pages, va, mode);
		if (first < 0)
			return -1;
		*found = (struct c906_page_found){ number, (u64)first };
	}
	if (c906_page_covers(&pages->page[pages->last], va, mode))
		return pages->last;
	return (int)found->page;
}

bool c906_pages_turn(struct c906_pages *pages, u64 va, enum c906_mode mode)
{
	int page = c906_pages_find_slow(pages, va, mode);

	if (page < 0)
		return false;
	/* Using the same page again changes nothing. */
	if ((unsigned)page != pages->last) {
		pages->last = (u8)page;
		c906_utlb_touch(pages, pages->last);
	}
	return true;
}

u64 c906_page_translate(const struct c906_page *page, u64 va)
{
	u64 size = PAGE_SIZE << 9 * page->level;

	if (page->mode != C906_TRANSLATED)
		return va;
	return align_down(field_get(page->leaf, PTE_PPN) << PAGE_SHIFT, size) | (va & (size - 1));
}

bool c906_page_executes(const struct c906_page *page, unsigned reach)
{
	if (page->mode != C906_TRANSLATED)
		return true;
	return page->leaf & PTE_X && reach & (page->leaf & PTE_U ? C906_USERS : C906_SUPERVISORS);
}
