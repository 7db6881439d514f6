/* SPDX-License-Identifier: MIT */
/*
 * The table of jumps of a TLB view: which block is at a virtual pc, and where its code is entered.
 * A jump outlives the entry of the TLB that it was made with. Which pages and blocks are gone is
 * noted, and each jump is looked at once for many of them, before the view is used (tlb_refresh).
 */
#ifndef CPU_MMU_JUMPS_H
#define CPU_MMU_JUMPS_H

#include "cpu/hart/tlb_view.h"

static inline unsigned tlb_jump_index(u64 pc)
{
	return (pc >> 1) % TLB_JUMPS;
}

/* Returns the block at pc if the table has it, or NULL. */
static inline struct block *tlb_jump_block(const struct tlb_view *view, u64 pc)
{
	unsigned n = tlb_jump_index(pc);

	return view->jump[n].pc == pc ? view->jump_block[n] : NULL;
}

/* Notes that the block is at pc, and where native code enters it. */
void tlb_jump_set(struct tlb_view *view, u64 pc, struct block *block, const void *entry);

/* Clear all jumps, or those to pages and to blocks that are gone. */
void tlb_jumps_clear(struct tlb_view *view);
void tlb_jumps_clear_gone(struct tlb_view *view);

/* The page of va is gone. Returns whether there may be jumps to it. */
bool tlb_jumps_lose_page(struct tlb_view *view, u64 va);

/* The blocks in this memory are gone. */
void tlb_jumps_lose_code(struct tlb_view *view, const struct tlb_range *blocks);

#endif
