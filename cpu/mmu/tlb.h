/* SPDX-License-Identifier: MIT */
/*
 * The TLB remembers translations, only for speed. A guest cannot notice it: when a page-table entry
 * changes, the translations that came from it are forgotten (table_watch.h). So runs are the same
 * in each tier and after a state was loaded, and fences have nothing to do here.
 *
 * A view holds the translations of one regime. A change of privilege, address space or
 * virtualization mode selects another view and discards nothing. An entry maps a page to the host's
 * memory if its tag matches. Pages that must not take the fast path have tags that never match:
 * devices, pages that PMP splits, and for stores pages with decoded code or page tables. Only a
 * store sets the tag for stores, and it marks the page as dirty. Pages that a view lacks are looked
 * up in the second level (space.h).
 */
#ifndef CPU_MMU_TLB_H
#define CPU_MMU_TLB_H

#include "cpu/hart/tlb_view.h"
#include "cpu/mmu/view_jumps.h"
#include "cpu/mmu/pmp.h"
#include "cpu/mmu/space.h"

struct hart;
struct unfenced;

/* Consecutive pages of one region of memory that have the same rights by PMP. */
struct tlb_memory {
	u64 base, size; /* the first physical address, and the size in bytes; 0: none */
	u64 addend; /* host address = physical address + addend */
	u64 machine, other; /* the rights by PMP and the region: of M-mode; of S-mode and U-mode */
};

struct tlb {
	struct tlb_view view[TLB_VIEWS_MAX];
	u64 selections; /* how many selections there were */
	u64 changes; /* how often a view became stale, or was given another regime */
	struct spaces spaces;
	struct unfenced *unfenced; /* removed only by fences (--strict); NULL: none are kept */
	struct tlb_memory memory; /* the memory that was found last */
	u8 likely[TLB_HINTS]; /* the view to compare first, indexed by a part of the regime */
};

struct tlb *tlb_create(void); /* NULL when out of memory */
void tlb_free(struct tlb *tlb);

/* Returns the view of a regime, ready for use; makes it if there is none. */
struct tlb_view *tlb_select(struct tlb *tlb, const struct regime *regime);

/* Clears the entries that became stale because page tables changed or code was dropped. */
void tlb_clear(struct tlb_view *view);

/* Makes the view ready for use. */
static inline void tlb_refresh(struct tlb_view *view)
{
	if (unlikely(view->stale || view->jumps_stale))
		tlb_clear(view);
}

/* Forgets everything, including translations that otherwise only fences remove. */
void tlb_flush_all(struct tlb *tlb);

/*
 * Forget translations because page tables changed: the page of va, which has jumps only if it is
 * executable; a whole space; everything. Views in use must be refreshed afterwards.
 */
void tlb_forget_page(struct tlb *tlb, struct space *space, u64 va, bool executable);
void tlb_forget_space(struct tlb *tlb, struct space *space);
void tlb_forget_all(struct tlb *tlb);

/*
 * Must be called before memory of decoded blocks is reused: forgets jumps to blocks there. Views in
 * use must be refreshed afterwards.
 */
void tlb_forget_code(struct tlb *tlb, const struct tlb_range *blocks);

/*
 * Removes the right to write to a page of the host, because each store to it must now be detected.
 */
void tlb_protect(struct tlb *tlb, u64 host_page);

/* Removes all rights to write, so that the next store to each page misses and marks it dirty. */
void tlb_forget_writes(struct tlb *tlb);

/* Returns the number of the entry in which va belongs. */
static ALWAYS_INLINE unsigned tlb_index(u64 va)
{
	return (va >> PAGE_SHIFT) % TLB_ENTRIES;
}

/* Returns the view's note of the entries by which a page of the host can be written (`writer`). */
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
