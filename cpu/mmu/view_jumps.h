/* SPDX-License-Identifier: MIT */
/*
 * The jumps of a TLB view: a table that finds the block at a virtual pc, and the entry of its
 * native code. A jump stays valid when the TLB entry that it was made with is replaced. Pages and
 * blocks that are gone are noted. Before the view is used again, tlb_refresh checks all jumps for
 * many of them at once.
 */
#ifndef CPU_MMU_VIEW_JUMPS_H
#define CPU_MMU_VIEW_JUMPS_H

#include "cpu/hart/tlb_view.h"

static inline unsigned tlb_jump_index(u64 pc)
{
	return (pc >> 1) % TLB_JUMPS;
}

/*
 * Returns the pc of the entry with this number while it has no jump: a pc of another entry, so that
 * no search finds it, not even one for an odd pc, which native code makes (jit/emit/jump.c).
 */
static inline u64 tlb_jump_none(unsigned n)
{
	return n ? 1 : 3;
}

/* Returns the block at pc if the table has it, or NULL. */
static inline struct block *tlb_jump_block(const struct tlb_view *view, u64 pc)
{
	unsigned n = tlb_jump_index(pc);

	return view->jump[n].pc == pc ? view->jump_block[n] : NULL;
}

/* Notes the block at pc, and the entry of its native code. */
void tlb_jump_set(struct tlb_view *view, u64 pc, struct block *block, const void *entry);

/* Clear all jumps, or those to pages and to blocks that are gone. */
void tlb_jumps_clear(struct tlb_view *view);
void tlb_jumps_clear_gone(struct tlb_view *view);

/* Notes that the page of va is gone. Returns whether there may be jumps to it. */
bool tlb_jumps_lose_page(struct tlb_view *view, u64 va);

/* Notes that the blocks in this memory are gone. */
void tlb_jumps_lose_code(struct tlb_view *view, const struct tlb_range *blocks);

#endif
