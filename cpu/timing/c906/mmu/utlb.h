/* SPDX-License-Identifier: MIT */
/* The pages of C906's micro-TLBs (aq_mmu_utlb.v), and lookups in them. See mmu.h. */
#ifndef CPU_TIMING_C906_MMU_UTLB_H
#define CPU_TIMING_C906_MMU_UTLB_H

#include "cpu/timing/c906/mmu/mmu.h"

static ALWAYS_INLINE bool c906_page_covers(const struct c906_page *page, u64 va,
					   enum c906_mode mode)
{
	unsigned shift = 12 + 9 * page->level;

	return page->valid && page->mode == mode && page->va >> shift == va >> shift;
}

/* Returns the page of an address, if the micro-TLB holds it, otherwise NULL. */
const struct c906_page *c906_pages_peek(const struct c906_pages *pages, u64 va,
					enum c906_mode mode);
/* Returns whether the micro-TLB holds the page, which then is the one used last. */
bool c906_pages_turn(struct c906_pages *pages, u64 va, enum c906_mode mode);
/* Returns a number for the 4 KiB around an address, in a mode; not 0. */
static inline u64 c906_page_number(u64 va, enum c906_mode mode)
{
	return (va >> PAGE_SHIFT << 2 | mode) + 1;
}

/*
 * Returns whether the bits above a translated address differ from its highest one (aq_mmu_utlb.v,
 * utlb_va_illegal).
 */
bool c906_is_illegal(const struct c906_env *env, u64 va, enum c906_mode mode);

static ALWAYS_INLINE struct c906_page_found *c906_pages_slot(struct c906_pages *pages, u64 va)
{
	return &pages->found[(va >> PAGE_SHIFT) % C906_UTLB_FOUND];
}

/*
 * Returns whether there is a page, and makes it the one used last. It mostly was already, even if
 * it is a large page that was used last for another 4 KiB.
 */
static ALWAYS_INLINE bool c906_pages_find(struct c906_pages *pages, u64 va, enum c906_mode mode)
{
	const struct c906_page_found *found = c906_pages_slot(pages, va);
	u64 number = c906_page_number(va, mode);

	return pages->number[pages->last] == number ||
	       (found->number == number && found->page == pages->last) ||
	       c906_pages_turn(pages, va, mode);
}

void c906_pages_clear(struct c906_pages *pages);
void c906_pages_clear_page(struct c906_pages *pages, u64 va);
void c906_pages_renew(struct c906_pages *pages); /* computes the digests after a load */
/* Replaces another page by this one. */
void c906_pages_fill(struct c906_pages *pages, const struct c906_page *page);
u64 c906_page_translate(const struct c906_page *page, u64 va);
/* Returns whether the page may be executed. `reach` is a set of C906_USERS and C906_SUPERVISORS. */
bool c906_page_executes(const struct c906_page *page, unsigned reach);

#endif
