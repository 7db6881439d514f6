/* SPDX-License-Identifier: MIT */
/* C906's micro-TLBs (aq_mmu_utlb.v, aq_mmu_utlb_entry.v, aq_mmu_plru.v). See mmu.h. */
#include "cpu/timing/c906/mmu.h"

#include "cpu/pte.h"

#include <string.h>

#define TREE_LEVELS 4

/* Where the ten pages are among the sixteen leaves of aq_mmu_plru.v's tree. */
static const u8 leaf_of_page[C906_UTLB_PAGES] = { 0, 1, 3, 5, 7, 9, 11, 13, 14, 15 };

static void touch(struct c906_pages *pages, unsigned page)
{
	unsigned leaf = leaf_of_page[page];

	for (unsigned level = 0; level < TREE_LEVELS; level++) {
		unsigned node = (C906_PLRU_NODES | leaf) >> (level + 1);

		pages->tree[node] = !(leaf >> level & 1);
	}
}

/* A leaf without a page gives its place to the one beside it. */
static unsigned page_of_leaf(unsigned leaf)
{
	for (unsigned page = 0; page < C906_UTLB_PAGES; page++)
		if (leaf_of_page[page] == leaf)
			return page;
	return page_of_leaf(leaf | 1);
}

static unsigned victim(const struct c906_pages *pages)
{
	unsigned node = 1;

	for (unsigned page = 0; page < C906_UTLB_PAGES; page++)
		if (!pages->page[page].valid)
			return page;
	for (int level = 0; level < TREE_LEVELS; level++)
		node = 2 * node + pages->tree[node];
	return page_of_leaf(node - C906_PLRU_NODES);
}

/* Of two pages for an address the first one counts: which that is may be another one now. */
void c906_pages_forget(struct c906_pages *pages)
{
	memset(pages->recent, 0, sizeof(pages->recent));
}

void c906_pages_fill(struct c906_pages *pages, const struct c906_page *page)
{
	unsigned n = victim(pages);

	pages->page[n] = *page;
	touch(pages, n);
	c906_pages_forget(pages);
}

const struct c906_page *c906_pages_look(struct c906_pages *pages, u64 va, enum c906_mode mode)
{
	u8 *recent = &pages->recent[va / PAGE_SIZE % C906_RECENT];

	if (c906_page_covers(&pages->page[pages->last], va, mode))
		return &pages->page[pages->last];
	if (c906_page_covers(&pages->page[*recent], va, mode))
		return &pages->page[*recent];
	for (u8 n = 0; n < C906_UTLB_PAGES; n++) {
		if (c906_page_covers(&pages->page[n], va, mode)) {
			*recent = n;
			return &pages->page[n];
		}
	}
	return NULL;
}

const struct c906_page *c906_pages_turn(struct c906_pages *pages, u64 va, enum c906_mode mode)
{
	const struct c906_page *page = c906_pages_look(pages, va, mode);
	unsigned n = page ? (unsigned)(page - pages->page) : 0;

	if (page && pages->last != n) {
		touch(pages, n);
		pages->last = (u8)n;
	}
	return page;
}

u64 c906_page_translate(const struct c906_page *page, u64 va)
{
	u64 size = PAGE_SIZE << 9 * page->level;

	if (page->mode != C906_TRANSLATED)
		return va;
	return align_down(field_get(page->leaf, PTE_PPN) << PAGE_SHIFT, size) |
	       (va & (size - 1));
}

bool c906_page_executes(const struct c906_page *page, unsigned reach)
{
	if (page->mode != C906_TRANSLATED)
		return true;
	return page->leaf & PTE_X && reach & (page->leaf & PTE_U ? C906_USERS : C906_SUPERVISORS);
}
