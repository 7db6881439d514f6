/* SPDX-License-Identifier: MIT */
/*
 * The part of refill.h that native code calls. It is compiled for general registers alone, and
 * calls nothing outside of this file.
 */
#include "cpu/mmu/refill.h"

#include "cpu/mmu/mem.h"
#include "cpu/mmu/walk_cached.h"

/*
 * Gets the leaf of va, if it is a usual one, and notes that it is going to be remembered. Something
 * of its table is already, so that stores to it are seen, and no view has to change.
 */
static ALWAYS_INLINE bool leaf_cached(struct hart *hart, struct space *space, u64 va,
				      struct walk_entry *leaf)
{
	if (!walk_cached_entry(hart, space, va, leaf) || !walk_is_leaf(leaf) ||
	    !*leaf->table->marks)
		return false;
	table_watch_mark(hart, leaf->table, space, leaf->index);
	return true;
}

/* Returns the host address and the grants of what the G stage has at addr; 0: not known. */
static NOINLINE u64 below_cached(struct hart *hart, struct space *space, u64 addr)
{
	struct spaces *spaces = &hart->tlb->spaces;
	const struct space_page *page = space_find(spaces, space, addr);
	struct walk_entry leaf;
	u64 memory;

	if (page)
		return page->page;
	if (!leaf_cached(hart, space, addr, &leaf))
		return 0;
	memory = walk_cached_memory(hart, walk_address(&leaf, addr), false);
	if (!memory)
		return 0;
	memory &= PAGE_MASK | grant_pte(walk_stage(space), leaf.pte);
	return space_enter(spaces, space, addr, memory)->page;
}

const struct space_page *refill_cached(struct hart *hart, struct space *space, u64 va)
{
	struct walk_entry leaf;
	u64 addr, below;

	if (!leaf_cached(hart, space, va, &leaf))
		return NULL;
	if (leaf.level && space->regime.s1.levels && !space_has_big(space, va, walk_size(&leaf)))
		return NULL;
	addr = walk_address(&leaf, va);
	below = space->below ? below_cached(hart, space->below, addr) :
			       walk_cached_memory(hart, addr, false);
	if (!below)
		return NULL;
	hart->tlb->stats.walks++;
	return space_enter(&hart->tlb->spaces, space, va,
			   below & (PAGE_MASK | grant_pte(walk_stage(space), leaf.pte)));
}

u64 mem_refill_load(struct hart *hart, u64 va)
{
	struct tlb_view *view = hart->data;
	const struct space_page *page = refill_cached(hart, view->probed, va);

	if (!page || !(page->page & view->needs.read))
		return 0;
	hart->tlb->stats.misses++;
	refill_set(view, va, ACCESS_LOAD, page->page);
	return view->addend[tlb_index(va)];
}

u64 mem_refill_store(struct hart *hart, u64 va)
{
	const struct bus *bus = &hart->platform->bus;
	const struct region *region = &bus->regions[bus->largest];
	struct tlb_view *view = hart->data;
	const struct space_page *page = space_find(&hart->tlb->spaces, view->probed, va);
	u64 offset;

	if (!page)
		page = refill_cached(hart, view->probed, va);
	if (!page || !(page->page & view->needs.write) || unlikely(!region->ram))
		return 0;
	offset = (page->page & PAGE_MASK) - (u64)(uintptr_t)region->ram->host;
	if (unlikely(offset >= region->size || ram_is_watched(region->ram, offset)))
		return 0;
	ram_mark(region->ram, offset, 1);
	hart->tlb->stats.misses++;
	refill_set(view, va, ACCESS_STORE, page->page);
	return view->addend[tlb_index(va)];
}
