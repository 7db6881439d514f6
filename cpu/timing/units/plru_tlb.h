/* SPDX-License-Identifier: MIT */
/*
 * A fully associative TLB for pages of all sizes, with tree pseudo-LRU replacement: each hit turns
 * the bits of the tree away from its entry. An entry is a leaf as it is in memory; the caller
 * checks its permissions.
 */
#ifndef CPU_TIMING_UNITS_PLRU_TLB_H
#define CPU_TIMING_UNITS_PLRU_TLB_H

#include "bus/base.h"

#define PLRU_TLB_MAX 128
#define PLRU_TLB_LEVEL_MAX 4 /* the level of a page in the root table of Sv57 */

#define PLRU_TLB_FOUND 32

/* The result of a search, for a page of 4 KiB; it is valid as long as no entry changes. */
struct plru_tlb_found {
	u64 page, changes;
	u64 pa; /* the physical address of the page */
	const struct plru_tlb_entry *entry; /* NULL: there is no result */
	u16 asid;
};

#define UNITS "cpu/timing/units/state/plru_tlb.def"
#include "cpu/timing/fields/structs.inc"

/* Returns the entry that translates va, or NULL. */
const struct plru_tlb_entry *plru_tlb_find(const struct plru_tlb *tlb, u64 va, u16 asid);

/* Searches, and stores the result in `found`. */
void plru_tlb_find_anew(struct plru_tlb *tlb, u64 va, u16 asid, struct plru_tlb_found *found);

/*
 * Returns the same as plru_tlb_find, faster for callers that search often, and sets *pa. If it
 * returns NULL, *pa is not an address.
 */
static ALWAYS_INLINE const struct plru_tlb_entry *plru_tlb_look_up(struct plru_tlb *tlb, u64 va,
								   u16 asid, u64 *pa)
{
	struct plru_tlb_found *found = &tlb->found[(va >> PAGE_SHIFT) % PLRU_TLB_FOUND];

	if (unlikely(!found->entry || found->page != (va & PAGE_MASK) || found->asid != asid ||
		     found->changes != tlb->changes))
		plru_tlb_find_anew(tlb, va, asid, found);
	*pa = found->pa | (va & ~PAGE_MASK);
	return found->entry;
}

/* Must be called after entries or the tree were changed from outside. */
static inline void plru_tlb_changed(struct plru_tlb *tlb)
{
	tlb->changes++;
	tlb->latest = NULL;
}

void plru_tlb_copy(struct plru_tlb *to, const struct plru_tlb *from);

/* Notes that the entry was used: the tree points away from it. */
void plru_tlb_turn(struct plru_tlb *tlb, const struct plru_tlb_entry *entry);

static inline void plru_tlb_touch(struct plru_tlb *tlb, const struct plru_tlb_entry *entry)
{
	if (tlb->latest != entry)
		plru_tlb_turn(tlb, entry);
}

/*
 * Returns whether there is an entry for va with any ASID. With `used`, each such entry counts as
 * used.
 */
bool plru_tlb_match(struct plru_tlb *tlb, u64 va, bool used);

/* Replaces the entry that the tree points to; `entry->va` may have low bits. */
void plru_tlb_fill(struct plru_tlb *tlb, const struct plru_tlb_entry *entry);

/* Returns the physical address of an address within the page. */
u64 plru_tlb_translate(const struct plru_tlb_entry *entry, u64 va);

bool plru_tlb_covers(const struct plru_tlb_entry *entry, u64 va);

#endif
