/* SPDX-License-Identifier: MIT */
/* The walk of pages that can be remembered (see walk_quick.h). */
#include "cpu/mmu/walk_quick.h"

#include "bus/platform.h"
#include "cpu/hart/hart.h"
#include "cpu/mmu/grant.h"
#include "cpu/mmu/table_watch.h"
#include "cpu/mmu/tlb.h"
#include "cpu/mmu/walk.h"

/* The bits that are alike in nearly all leaves and in all pointers. */
#define LEAF_BITS (PTE_V | PTE_R | PTE_A | PTE_RESERVED | PTE_PBMT | PTE_N)
#define POINTER_BITS (LEAF_BITS | PTE_W | PTE_X | PTE_U | PTE_D)

/*
 * Returns the host address and the grants of a page of physical memory; 0 if it is none, or PMP
 * splits it.
 */
static u64 quick_memory(struct hart *hart, u64 pa, bool machine)
{
	const struct bus *bus = &hart->platform->bus;
	const struct region *region = &bus->regions[bus->largest];
	struct pmp_window *window = &hart->tlb->window;
	u64 page = pa & PAGE_MASK, grants;

	if (unlikely(pa - region->base >= region->size))
		region = bus_find(bus, pa);
	if (!region || !region->ram || !range_within(page, PAGE_SIZE, region->base, region->size))
		return 0;
	if (unlikely(pa < window->base || pa > window->last))
		pmp_around(&hart->pmp, pa, window);
	if (page < window->base || page + PAGE_SIZE - 1 > window->last)
		return 0;
	grants = grant_pmp(machine ? window->machine : window->other);
	if (region->readonly)
		grants &= ~GRANT_EACH(GRANT_WRITE);
	return (u64)(uintptr_t)(region->ram->host + (page - region->base)) | grants;
}

/* Returns the host address and the grants of what a stage's address is below it; 0: not known. */
static u64 quick_below(struct hart *hart, const struct space *space, u64 addr)
{
	const struct space_page *page;

	if (!space->below)
		return quick_memory(hart, addr, space->regime.priv == PRIV_M);
	page = space_find(&hart->tlb->spaces, space->below, addr);
	if (!page)
		page = walk_quick(hart, space->below, addr);
	return page ? page->page : 0;
}

/* Returns the part of a page table that has the entry of va; NULL: not known. */
static struct watched_table *quick_table(struct hart *hart, const struct space *space, u64 va,
					 unsigned level, u64 addr)
{
	u64 page = quick_below(hart, space, addr);
	u64 tag = space_table_tag(space, va, level);
	struct watched_table *table;

	if (!(page & GRANT_READ))
		return NULL;
	table = table_watch_take(hart, space, (const u64 *)(uintptr_t)(page & PAGE_MASK), va,
				 level);
	if (table)
		*space_table_of(&hart->tlb->spaces, tag, level) =
			(struct space_table){ tag, table };
	return table;
}

static struct watched_table *quick_root(struct hart *hart, const struct space *space,
					const struct stage *stage, u64 va)
{
	unsigned shift = PAGE_SHIFT + 9u * stage->levels, width = shift + stage->widen;
	u64 part = bits(va, shift, stage->widen);

	if (stage->user ? va >> width != 0 : (u64)sext(va, width) != va)
		return NULL;
	return quick_table(hart, space, va, stage->levels - 1u, stage->root + (part << PAGE_SHIFT));
}

struct quick_leaf {
	u64 pte;
	unsigned level;
};

/* Returns whether the entry is a good leaf with A set. */
static inline bool is_leaf(const struct hart *hart, const struct stage *stage, u64 pte,
			   unsigned level)
{
	bool others = (pte & PTE_A) && (pte & (PTE_R | PTE_W | PTE_X));

	if (likely((pte & LEAF_BITS) == (PTE_V | PTE_R | PTE_A)))
		return !(field_get(pte, PTE_PPN) & (BIT(9 * level) - 1));
	return others && !walk_malformed(hart, stage, pte, level);
}

/* Finds a good leaf, beginning with the lowest table that is remembered. */
static bool quick_leaf(struct hart *hart, const struct space *space, const struct stage *stage,
		       u64 va, struct quick_leaf *leaf)
{
	struct watched_table *table = NULL;
	unsigned level;

	for (level = 0; level < stage->levels && !table; level++) {
		u64 tag = space_table_tag(space, va, level);
		const struct space_table *kept = space_table_of(&hart->tlb->spaces, tag, level);

		table = kept->tag == tag ? kept->table : NULL;
	}
	if (!table)
		table = quick_root(hart, space, stage, va);
	while (table) {
		unsigned index = va >> (PAGE_SHIFT + 9 * --level) & 511;
		u64 pte = table->host[index];

		if (likely(is_leaf(hart, stage, pte, level))) {
			table_watch_mark(hart, table, space, index);
			*leaf = (struct quick_leaf){ pte, level };
			return true;
		}
		if (!level || (pte & POINTER_BITS) != PTE_V)
			return false;
		table_watch_mark(hart, table, space, index);
		table = quick_table(hart, space, va, level - 1,
				    field_get(pte, PTE_PPN) << PAGE_SHIFT);
	}
	return false;
}

const struct space_page *walk_quick(struct hart *hart, struct space *space, u64 va)
{
	const struct regime *regime = &space->regime;
	const struct stage *stage = regime->s1.levels ? &regime->s1 : &regime->s2;
	struct quick_leaf leaf;
	u64 page, size, base, below;

	if (!stage->levels) {
		page = quick_memory(hart, va, regime->priv == PRIV_M);
		return page ? space_enter(&hart->tlb->spaces, space, va, page) : NULL;
	}
	if (!quick_leaf(hart, space, stage, va, &leaf))
		return NULL;
	base = walk_leaf_page(leaf.pte, leaf.level, &size);
	below = quick_below(hart, space, base | (va & (size - 1)));
	if (!below)
		return NULL;
	page = below & (PAGE_MASK | grant_pte(stage, leaf.pte));
	if (size > PAGE_SIZE && regime->s1.levels)
		space_note_big(space, va, size);
	return space_enter(&hart->tlb->spaces, space, va, page);
}
