/* SPDX-License-Identifier: MIT */
/*
 * The walk of pages that can be remembered: leaves with A set, in page tables in memory, of a page
 * in memory all of which PMP gives the same rights. It has no effect but on what is remembered, and
 * all that is goes through it; faults, and the rest, are left to walk().
 */
#ifndef CPU_MMU_WALK_QUICK_H
#define CPU_MMU_WALK_QUICK_H

#include "cpu/mmu/space.h"
#include "cpu/mmu/walk.h"

struct tlb_view;

/* Enters the page of va into the second level; NULL if that is not known to be right. */
const struct space_page *walk_quick(struct hart *hart, struct space *space, u64 va);

/*
 * Raises the fault of a load, store or fetch at va in the view, if it is at an entry of a table
 * that is remembered, as nearly all faults are; else it returns false, with nothing done.
 */
bool walk_quick_fails(struct hart *hart, const struct tlb_view *view, u64 va,
		      enum access_type type);

#endif
