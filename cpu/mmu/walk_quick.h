/* SPDX-License-Identifier: MIT */
/*
 * The walk of pages that can be remembered: leaves with A set, in page tables in memory, of a page
 * in memory all of which PMP gives the same rights. It has no effect but on what is remembered, and
 * all that is goes through it; faults, and the rest, are left to walk().
 */
#ifndef CPU_MMU_WALK_QUICK_H
#define CPU_MMU_WALK_QUICK_H

#include "cpu/mmu/space.h"

struct hart;

/* Enters the page of va into the second level; NULL if that is not known to be right. */
const struct space_page *walk_quick(struct hart *hart, struct space *space, u64 va);

#endif
