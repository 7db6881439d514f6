/* SPDX-License-Identifier: MIT */
/*
 * The walk for pages that can be remembered: leaves with A set, in page tables in memory, of a page
 * in memory to all of which PMP gives the same rights. All that the TLB remembers is found by this
 * walk, and it has no other effect. Faults and all other pages are left to walk().
 */
#ifndef CPU_MMU_WALK_QUICK_H
#define CPU_MMU_WALK_QUICK_H

#include "cpu/mmu/space.h"
#include "cpu/mmu/walk.h"

struct tlb_view;

/* Enters the page of va into the second level; returns NULL if it cannot be remembered. */
const struct space_page *walk_quick(struct hart *hart, struct space *space, u64 va);

/*
 * Raises the fault of a load, store or fetch at va in the view, if the fault is at an entry of a
 * remembered table, as nearly all are. Otherwise it does nothing and returns false.
 */
bool walk_quick_fault(struct hart *hart, const struct tlb_view *view, u64 va,
		      enum access_type type);

#endif
