/* SPDX-License-Identifier: MIT */
/* The walk of pages that can be remembered (see walk_quick.h). */
#include "cpu/mmu/walk_quick.h"

#include "bus/platform.h"
#include "cpu/mmu/walk.h"
#include "cpu/mmu/walk_cached.h"

/* The bits that are the same in all valid pointers to a next table: only PTE_V is set. */
#define POINTER_BITS (WALK_LEAF_BITS | PTE_W | PTE_X | PTE_U | PTE_D)

/* Returns what PMP and the region grant. */
static u64 grants_of(const struct region *region, unsigned rights)
{
	u64 grants = grant_pmp(rights);

	return region->readonly ? grants & ~GRANT_EACH(GRANT_WRITE) : grants;
}

/*
 * Finds the memory that contains a page, and notes it in tlb->memory. Returns false if the page is
 * not in memory, or PMP splits it.
 */
static bool find_memory(struct hart *hart, u64 page)
{
	const struct region *region = bus_find(&hart->platform->bus, page);
	struct pmp_window window;
	u64 base, last;

	if (!region || !region->ram)
		return false;
	pmp_around(&hart->pmp, page, &window);
	base = MAX(region->base, window.base);
	last = MIN(region->base + region->size - 1, window.last);
	if (page < base || page + PAGE_SIZE - 1 > last)
		return false;
	base = align_up(base, PAGE_SIZE);
	hart->tlb->memory = (struct tlb_memory){
		.base = base,
		.size = align_down(last - base + 1, PAGE_SIZE),
		.addend = (u64)(uintptr_t)region->ram->host - region->base,
		.machine = grants_of(region, window.machine),
		.other = grants_of(region, window.other),
	};
	return true;
}

/*
 * Returns the host address and the grants of a page of physical addresses; 0 if it is not in
 * memory, or PMP splits it.
 */
static u64 quick_memory(struct hart *hart, u64 pa, bool machine)
{
	u64 page = walk_cached_memory(hart, pa, machine);

	if (likely(page))
		return page;
	return find_memory(hart, pa & PAGE_MASK) ? walk_cached_memory(hart, pa, machine) : 0;
}

/*
 * Returns the host address and the grants of the page at an address that a stage produced, as the
 * stage below translates it; 0 if they are not known.
 */
static u64 quick_below(struct hart *hart, const struct space *space, u64 addr)
{
	const struct space_page *page;

	if (!space->below)
		return quick_memory(hart, addr, space->regime.priv == PRIV_M);
	page = space_find(&hart->tlb->spaces, space->below, addr);
	if (!page)
		page = walk_quick(hart, space->below, addr);
	return page ? space_memory(page) : 0;
}

/* Returns the page of a page table that has the entry of va; NULL if it cannot be remembered. */
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
		*space_table_of(&hart->tlb->spaces, tag) = (struct space_table){ tag, table };
	return table;
}

static struct watched_table *quick_root(struct hart *hart, const struct space *space,
					const struct stage *stage, u64 va)
{
	u64 part = bits(va, PAGE_SHIFT + 9u * stage->levels, stage->widen);

	if (!walk_in_range(stage, va))
		return NULL;
	return quick_table(hart, space, va, stage->levels - 1u, stage->root + (part << PAGE_SHIFT));
}

/* Returns whether the entry is a valid leaf with A set. */
static inline bool is_leaf(const struct hart *hart, const struct stage *stage,
			   const struct walk_entry *entry)
{
	u64 pte = entry->pte;

	if (likely(walk_is_leaf(entry)))
		return true;
	return (pte & PTE_A) && (pte & (PTE_R | PTE_W | PTE_X)) &&
	       !walk_malformed(hart, stage, pte, entry->level);
}

/*
 * Finds the leaf of va, beginning with the lowest table that is remembered. Returns false if there
 * is none that is valid, with A set.
 */
static bool quick_leaf(struct hart *hart, struct space *space, const struct stage *stage, u64 va,
		       struct walk_entry *leaf)
{
	struct watched_table *table;

	if (!walk_cached_entry(hart, space, va, leaf)) {
		table = quick_root(hart, space, stage, va);
		if (!table)
			return false;
		*leaf = walk_entry_of(table, stage->levels - 1u, va);
	}
	while (!is_leaf(hart, stage, leaf)) {
		if (!leaf->level || (leaf->pte & POINTER_BITS) != PTE_V)
			return false;
		table_watch_mark(hart, leaf->table, space, leaf->index);
		table = quick_table(hart, space, va, leaf->level - 1,
				    field_get(leaf->pte, PTE_PPN) << PAGE_SHIFT);
		if (!table)
			return false;
		*leaf = walk_entry_of(table, leaf->level - 1, va);
	}
	table_watch_mark(hart, leaf->table, space, leaf->index);
	return true;
}

const struct space_page *walk_quick(struct hart *hart, struct space *space, u64 va)
{
	const struct regime *regime = &space->regime;
	const struct stage *stage = walk_stage(space);
	struct walk_entry leaf;
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
	return space_enter(&hart->tlb->spaces, space, va, page);
}

bool walk_quick_fault(struct hart *hart, const struct tlb_view *view, u64 va, enum access_type type)
{
	struct space *space = view->space, *below = space->below;
	struct walk_end end = { .va = va, .addr = va, .type = type };
	struct walk_entry entry;

	if (!walk_cached_entry(hart, space, va, &entry))
		return false;
	end.second = !space->regime.s1.levels;
	end.pte = entry.pte;
	end.level = entry.level;
	if (walk_stops(hart, &view->regime, &end))
		return true;
	if (!below || !walk_goes_below(type, entry.pte) || !walk_is_leaf(&entry))
		return false;
	end.second = true;
	end.addr = walk_address(&entry, va);
	if (!walk_cached_entry(hart, below, end.addr, &entry))
		return false;
	end.pte = entry.pte;
	end.level = entry.level;
	return walk_stops(hart, &view->regime, &end);
}
