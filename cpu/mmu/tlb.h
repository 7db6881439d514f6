/* SPDX-License-Identifier: MIT */
/*
 * The TLB remembers translations, for speed only. A guest cannot notice it: when a page-table entry
 * changes, what came from it is forgotten (table_watch.h). So runs are the same in each tier and
 * after a state was loaded, and fences have nothing to do here.
 *
 * A view holds the translations of one regime. A change of privilege, address space or
 * virtualization mode selects another view and discards nothing. An entry maps a page to host
 * memory if its tag matches. Pages that must not take the fast path (devices, pages that PMP
 * splits; for stores, pages with decoded code or page tables) have tags that never match. Only a
 * store enters the tag for stores, and it marks the page as dirty. What a view lacks is looked up
 * in the second level (space.h).
 */
#ifndef CPU_MMU_TLB_H
#define CPU_MMU_TLB_H

#include "cpu/hart/tlb_view.h"
#include "cpu/mmu/jumps.h"
#include "cpu/mmu/pmp.h"
#include "cpu/mmu/space.h"

struct hart;
struct unfenced;

/* Consecutive pages of one region of memory that have the same rights by PMP. */
struct tlb_memory {
	u64 base, size; /* their first physical address, and bytes; 0: none */
	u64 addend; /* host address = physical address + addend */
	u64 machine, other; /* what PMP and the region grant to M-mode; to S-mode and U-mode */
};

struct tlb {
	struct tlb_view view[TLB_VIEWS_MAX];
	u64 selections; /* number of selections so far */
	u64 changes; /* how often a view became stale, or another regime's */
	struct spaces spaces;
	struct unfenced *unfenced; /* what is forgotten by fences alone; NULL: nothing */
	struct tlb_memory memory; /* the last one found */
	u8 likely[TLB_HINTS]; /* the view to compare first, by a part of the regime */
};

struct tlb *tlb_create(void); /* NULL when out of memory */
void tlb_free(struct tlb *tlb);

/* Returns the view of a regime, ready for use; makes one if there is none. */
struct tlb_view *tlb_select(struct tlb *tlb, const struct regime *regime);

/* Clears what changed page tables or dropped code made stale. */
void tlb_clear(struct tlb_view *view);

/* Returns the view itself, ready for use. */
static inline void tlb_refresh(struct tlb_view *view)
{
	if (unlikely(view->stale || view->jumps_stale))
		tlb_clear(view);
}

/* Forgets everything, including what otherwise only fences remove. */
void tlb_flush_all(struct tlb *tlb);

/*
 * Forget because page tables changed: the page of va, which has jumps only if it is executable; all
 * of a space; all. Views in use must be refreshed then.
 */
void tlb_forget_page(struct tlb *tlb, struct space *space, u64 va, bool executable);
void tlb_forget_space(struct tlb *tlb, struct space *space);
void tlb_forget_all(struct tlb *tlb);

/*
 * To be called before memory of decoded blocks is used again: jumps to blocks there are forgotten.
 * Views in use must be refreshed afterwards.
 */
void tlb_forget_code(struct tlb *tlb, const struct tlb_range *blocks);

/*
 * Removes the right to write to a page of host memory, because each store to it must now be seen.
 */
void tlb_protect(struct tlb *tlb, u64 host_page);

/*
 * Removes all rights to write: the next store to each page is a miss, which marks the page dirty.
 */
void tlb_forget_writes(struct tlb *tlb);

/* Returns the number of the entry in which va belongs. */
static ALWAYS_INLINE unsigned tlb_index(u64 va)
{
	return (va >> PAGE_SHIFT) % TLB_ENTRIES;
}

/* Returns the view's note of the entries by which a page of the host can be written. */
static ALWAYS_INLINE u16 *tlb_writer(struct tlb_view *view, u64 host_page)
{
	return &view->writer[(host_page >> PAGE_SHIFT) % TLB_WRITTEN_PAGES];
}

/* An entry as a value. */
struct tlb_entry {
	u64 read, write, execute; /* tags */
	u64 addend; /* host address = va + addend */
};

static inline struct tlb_entry tlb_entry_of(const struct tlb_view *view, unsigned n)
{
	return (struct tlb_entry){ view->read[n], view->write[n], view->execute[n],
				   view->addend[n] };
}

static inline void tlb_set(struct tlb_view *view, unsigned n, struct tlb_entry entry)
{
	view->read[n] = entry.read;
	view->write[n] = entry.write;
	view->execute[n] = entry.execute;
	view->addend[n] = entry.addend;
}

#endif
