/* SPDX-License-Identifier: MIT */
/*
 * The functions by which native code fills views. They are compiled to use general registers only,
 * because native code keeps f registers in the host's vector registers. They call nothing outside
 * this file except, with sanitizers, limits_paranoid(), which is compiled in the same way.
 */
#include "cpu/mmu/refill.h"

#include "cpu/mmu/mem.h"
#include "cpu/mmu/walk_cached.h"

/*
 * Gets the leaf of va if it is a usual one in a table that has marks, and marks it, because the
 * caller is going to remember it. Since the table has marks, stores to it are detected already, and
 * no view has to lose the right to write to it.
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

/*
 * Returns the host address and the grants of the page to which the G stage translates addr; 0 if
 * they are not known.
 */
static NOINLINE u64 below_cached(struct hart *hart, struct space *space, u64 addr)
{
	struct spaces *spaces = &hart->tlb->spaces;
	const struct space_page *page = space_find(spaces, space, addr);
	struct walk_entry leaf;
	u64 memory;

	if (page)
		return space_memory(page);
	if (!leaf_cached(hart, space, addr, &leaf))
		return 0;
	memory = walk_cached_memory(hart, walk_address(&leaf, addr), false);
	if (!memory)
		return 0;
	memory &= PAGE_MASK | grant_pte(walk_stage(space), leaf.pte);
	return space_memory(space_enter(spaces, space, addr, memory));
}

const struct space_page *refill_cached(struct hart *hart, struct space *space, u64 va)
{
	struct walk_entry leaf;
	u64 addr, below;

	if (!leaf_cached(hart, space, va, &leaf))
		return NULL;
	addr = walk_address(&leaf, va);
	below = space->below ? below_cached(hart, space->below, addr) :
			       walk_cached_memory(hart, addr, false);
	if (!below)
		return NULL;
	hart->tlb_stats.walks++;
	return space_enter(&hart->tlb->spaces, space, va,
			   below & (PAGE_MASK | grant_pte(walk_stage(space), leaf.pte)));
}

u64 mem_refill_load(struct hart *hart, u64 va)
{
	struct tlb_view *view = hart->data;
	const struct space_page *page = refill_cached(hart, view->probed, va);

	if (!page || !(page->addend & view->needs.read))
		return 0;
	hart->tlb_stats.misses++;
	refill_set(view, va, ACCESS_LOAD, space_memory(page));
	return view->addend[tlb_index(va)];
}

/*
 * Returns the largest RAM, and the offset in it of a page of the host, if the page is there and
 * stores to it need not be detected; otherwise NULL.
 */
static ALWAYS_INLINE struct ram *unwatched_ram(const struct hart *hart, u64 host, u64 *offset)
{
	const struct bus *bus = &hart->platform->bus;
	const struct region *region = &bus->regions[bus->largest];

	if (unlikely(!region->ram))
		return NULL;
	*offset = host - (u64)(uintptr_t)region->ram->host;
	if (unlikely(*offset >= region->size || ram_is_watched(region->ram, *offset)))
		return NULL;
	return region->ram;
}

u64 mem_refill_store(struct hart *hart, u64 va)
{
	struct tlb_view *view = hart->data;
	const struct space_page *page = space_find(&hart->tlb->spaces, view->probed, va);
	struct ram *ram;
	u64 offset;

	if (!page)
		page = refill_cached(hart, view->probed, va);
	if (!page || !(page->addend & view->needs.write))
		return 0;
	ram = unwatched_ram(hart, space_memory(page) & PAGE_MASK, &offset);
	if (unlikely(!ram))
		return 0;
	ram_mark(ram, offset, 1);
	hart->tlb_stats.misses++;
	refill_set(view, va, ACCESS_STORE, space_memory(page));
	return view->addend[tlb_index(va)];
}

/*
 * Returns whether stores to a page of the host need not be detected, and the page is marked as
 * dirty already.
 */
static ALWAYS_INLINE bool is_marked(const struct hart *hart, u64 host)
{
	u64 offset;
	const struct ram *ram = unwatched_ram(hart, host, &offset);

	return ram && ram->dirty[offset >> PAGE_SHIFT];
}

/*
 * Returns the addend of a page that the view or the second level has; 0 if the page cannot be in a
 * span.
 */
static ALWAYS_INLINE u64 span_addend(const struct hart *hart, u64 va, bool write)
{
	const struct tlb_view *view = hart->data;
	const struct space_page *page;
	const unsigned n = tlb_index(va);

	if ((write ? view->write[n] : view->read[n]) == va)
		return view->addend[n];
	page = space_find(&hart->tlb->spaces, view->probed, va);
	if (!page || !(page->addend & (write ? view->needs.write : view->needs.read)) ||
	    (write && !is_marked(hart, space_memory(page) & PAGE_MASK)))
		return 0;
	return page->addend & PAGE_MASK;
}

/*
 * Returns how many pages the next span has at most, from `begin` on: 2 if there was none. If
 * `begin` is the end of the old span or, because an access may be in two pages, its last page, the
 * accesses have gone through all of the old span: the next one is twice as long, and `left`, the
 * number of times that a span may be replaced in vain, is reset. Otherwise the next span is
 * shorter.
 */
static ALWAYS_INLINE u64 span_pages(struct tlb_span *span, u64 begin)
{
	const u64 end = span->last + TLB_SPAN_REST, pages = (end - span->begin) / PAGE_SIZE;

	if (!span->last)
		return 2;
	if (end - begin > PAGE_SIZE)
		return MAX(pages - pages / 4, 2);
	span->left = TLB_SPAN_LEFT;
	return MIN(2 * pages, TLB_SPAN_PAGES);
}

static ALWAYS_INLINE void find_span(struct hart *hart, u64 va, struct tlb_span *span, bool many,
				    bool write)
{
	struct tlb_view *view = hart->data;
	const u64 begin = va & PAGE_MASK, addend = span_addend(hart, begin, write);
	const u64 most = many ? TLB_SPAN_PAGES : span_pages(span, begin);
	u64 pages = 0;

	span->left--;
	if (!addend)
		return;
	do {
		view->sited[((begin >> PAGE_SHIFT) + pages) % TLB_SITED] = true;
		pages++;
	} while (pages < most && span_addend(hart, begin + pages * PAGE_SIZE, write) == addend);
	span->begin = begin;
	span->last = begin + pages * PAGE_SIZE - TLB_SPAN_REST;
	span->addend = addend;
	view->has_sites = true;
}

void mem_span_load(struct hart *hart, u64 va, struct tlb_span *span, bool many)
{
	find_span(hart, va, span, many, false);
}

void mem_span_store(struct hart *hart, u64 va, struct tlb_span *span, bool many)
{
	find_span(hart, va, span, many, true);
}
