/* SPDX-License-Identifier: MIT */
/*
 * The part of refill.h that native code calls. It is compiled for general registers alone, and
 * calls nothing.
 */
#include "cpu/mmu/refill.h"

#include "cpu/mmu/mem.h"

u64 mem_refill_store(struct hart *hart, u64 va)
{
	const struct bus *bus = &hart->platform->bus;
	const struct region *region = &bus->regions[bus->largest];
	struct tlb_view *view = hart->data;
	const struct space_page *page = space_find(&hart->tlb->spaces, view->probed, va);
	u64 offset;

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
