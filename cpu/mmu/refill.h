/* SPDX-License-Identifier: MIT */
/* Fills entries of views from the second level of the TLB (space.h). */
#ifndef CPU_MMU_REFILL_H
#define CPU_MMU_REFILL_H

#include "bus/platform.h"
#include "cpu/hart/hart.h"
#include "cpu/mmu/regime.h"
#include "cpu/mmu/tlb.h"
#include "cpu/mmu/walk.h"
#include "cpu/mmu/walk_quick.h"

/*
 * Marks what a store to guest memory is about to write. Returns whether further stores to the page
 * may take the fast path: not while it holds decoded code, so that each is seen.
 */
static inline bool refill_mark(struct hart *hart, u8 *host, unsigned size)
{
	const struct bus *bus = &hart->platform->bus;
	const struct region *region = &bus->regions[bus->largest];
	u64 pa = 0, offset = UINT64_MAX;

	if (likely(region->ram))
		offset = (u64)(uintptr_t)host - (u64)(uintptr_t)region->ram->host;
	if (unlikely(offset >= region->size)) {
		bus_physical(bus, host, &pa);
		region = bus_find(bus, pa);
		offset = pa - region->base;
	}
	ram_mark(region->ram, offset, size);
	return !region->ram->code[offset >> PAGE_SHIFT];
}

static ALWAYS_INLINE struct tlb_view *refill_view(const struct hart *hart, enum access_type type)
{
	return type == ACCESS_FETCH ? hart->fetch : hart->data;
}

/* Enters a page of the second level and returns where the access is; NULL if it is not granted. */
static ALWAYS_INLINE u8 *refill_enter(struct hart *hart, u64 va, unsigned size,
				      enum access_type type, u64 page)
{
	struct tlb_view *view = refill_view(hart, type);
	const struct grant_needs *needs = &view->needs;
	u64 tag = va & PAGE_MASK, addend = (page & PAGE_MASK) - tag;
	u8 *host = (u8 *)(uintptr_t)(va + addend);
	u64 write = TLB_INVALID;

	if (!(page & (type == ACCESS_LOAD  ? needs->read :
		      type == ACCESS_STORE ? needs->write :
					     needs->execute)))
		return NULL;
	/* Beside its own tag an access enters that for reading, which costs little. */
	if (type == ACCESS_STORE && refill_mark(hart, host, size))
		write = tag;
	tlb_enter(view, va,
		  (struct tlb_entry){
			  .read = page & needs->read ? tag : TLB_INVALID,
			  .write = write,
			  .execute = type == ACCESS_FETCH ? tag : TLB_INVALID,
			  .addend = addend,
		  });
	return host;
}

/* Returns where an access within a page is if the second level has the page, else NULL. */
static ALWAYS_INLINE u8 *refill(struct hart *hart, u64 va, unsigned size, enum access_type type)
{
	const struct space *space = refill_view(hart, type)->probed;
	const struct space_page *page = space_find(&hart->tlb->spaces, space, va);

	hart->tlb->stats.misses++;
	return likely(page) ? refill_enter(hart, va, size, type, page->page) : NULL;
}

/* The same with pointer masking, and after a walk of the usual kind if there is no such page. */
static inline u8 *refill_walk(struct hart *hart, u64 va, unsigned size, enum access_type type)
{
	const struct tlb_view *view = refill_view(hart, type);
	u64 address = regime_address(&view->regime, va);
	const struct space_page *page = space_find(&hart->tlb->spaces, view->space, address);

	if (!page) {
		hart->tlb->stats.walks++;
		page = walk_quick(hart, view->space, address);
	}
	return page ? refill_enter(hart, va, size, type, page->page) : NULL;
}

#endif
