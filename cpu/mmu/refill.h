/* SPDX-License-Identifier: MIT */
/* Fills entries of views from the second level of the TLB (space.h). */
#ifndef CPU_MMU_REFILL_H
#define CPU_MMU_REFILL_H

#include "bus/platform.h"
#include "cpu/hart/hart.h"
#include "cpu/mmu/regime.h"
#include "cpu/mmu/table_watch.h"
#include "cpu/mmu/tlb.h"
#include "cpu/mmu/walk.h"
#include "cpu/mmu/walk_quick.h"

/*
 * Marks the bytes that a store is about to write; TLBs may then forget translations. Returns
 * whether further stores to the page may take the fast path. They may not while the page contains
 * decoded code or page tables, because each store must then be detected.
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
	return ram_mark(region->ram, offset, size);
}

static ALWAYS_INLINE struct tlb_view *refill_view(const struct hart *hart, enum access_type type)
{
	return type == ACCESS_FETCH ? hart->fetch : hart->data;
}

/* Notes that entry n gives the right to write to a page of the host. */
static ALWAYS_INLINE void tlb_note_writer(struct tlb_view *view, unsigned n, u64 host_page)
{
	u16 *writer = tlb_writer(view, host_page);

	*writer = likely(!*writer || *writer == n + 1) ? (u16)(n + 1) : TLB_WRITERS;
	view->wrote = true;
	if (view->written_count < TLB_WRITTEN)
		view->written[view->written_count++] = (u16)n;
}

/* Replaces the entry in which va belongs. */
static ALWAYS_INLINE void tlb_enter(struct tlb_view *view, u64 va, struct tlb_entry entry)
{
	unsigned n = tlb_index(va);

	tlb_set(view, n, entry);
	view->entered[n / TLB_GROUP] = true;
	if (entry.write != TLB_INVALID)
		tlb_note_writer(view, n, entry.write + entry.addend);
}

/*
 * Enters a page of the second level into the view, for a granted access. Besides the tag of the
 * access it sets the tag for loads, which costs little.
 */
static ALWAYS_INLINE void refill_set(struct tlb_view *view, u64 va, enum access_type type, u64 page)
{
	u64 tag = va & PAGE_MASK;

	tlb_enter(view, va,
		  (struct tlb_entry){
			  .read = page & view->needs.read ? tag : TLB_INVALID,
			  .write = type == ACCESS_STORE ? tag : TLB_INVALID,
			  .execute = type == ACCESS_FETCH ? tag : TLB_INVALID,
			  .addend = (page & PAGE_MASK) - tag,
		  });
}

/*
 * Enters a page of the second level into the view. Returns the host's address of the access, or
 * NULL if the page does not grant it.
 */
static ALWAYS_INLINE u8 *refill_enter(struct hart *hart, u64 va, unsigned size,
				      enum access_type type, u64 page)
{
	struct tlb_view *view = refill_view(hart, type);
	const struct grant_needs *needs = &view->needs;
	u8 *host = (u8 *)(uintptr_t)((page & PAGE_MASK) | (va & ~PAGE_MASK));

	if (!(page & (type == ACCESS_LOAD  ? needs->read :
		      type == ACCESS_STORE ? needs->write :
					     needs->execute)))
		return NULL;
	/* The store may make TLBs forget this page. */
	if (type == ACCESS_STORE && !refill_mark(hart, host, size))
		return host;
	refill_set(view, va, type, page);
	return host;
}

/*
 * Walks for a page that the second level lacks, if its page table is remembered (walk_cached.h);
 * otherwise returns NULL. It changes no vector register of the host.
 */
const struct space_page *refill_cached(struct hart *hart, struct space *space, u64 va);

/* Returns the host's address of an access within a page if the page is remembered, else NULL. */
static ALWAYS_INLINE u8 *refill(struct hart *hart, u64 va, unsigned size, enum access_type type)
{
	struct space *space = refill_view(hart, type)->probed;
	const struct space_page *page = space_find(&hart->tlb->spaces, space, va);

	hart->tlb_stats.misses++;
	if (unlikely(!page))
		page = refill_cached(hart, space, va);
	return likely(page) ? refill_enter(hart, va, size, type, space_memory(page)) : NULL;
}

/*
 * Walks for the page, even if the second level has it, because its rights may have changed. Enters
 * it, and returns what refill returns.
 */
static inline u8 *refill_again(struct hart *hart, u64 va, unsigned size, enum access_type type)
{
	const struct tlb_view *view = refill_view(hart, type);
	const struct space_page *page;

	hart->tlb_stats.walks++;
	table_watch_room(hart->tables);
	page = walk_quick(hart, view->space, regime_address(&view->regime, va));
	return page ? refill_enter(hart, va, size, type, space_memory(page)) : NULL;
}

#endif
