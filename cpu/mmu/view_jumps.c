/* SPDX-License-Identifier: MIT */
/* The tables of jumps of TLB views (see mmu/view_jumps.h). */
#include "cpu/mmu/view_jumps.h"

#include <string.h>

static u64 tlb_jump_page(u64 pc)
{
	/*
	 * Pages of programs and of kernels often have the same low bits. Kernels are in the upper
	 * half of the address space, so their pages use the upper half of the bits.
	 */
	return (pc >> PAGE_SHIFT) % (TLB_JUMP_PAGES / 2) + (pc >> 63) * (TLB_JUMP_PAGES / 2);
}

/* Returns the first bit that is set, from `from` on; `count` or more if there is none. */
static unsigned next_set(const u64 *set, unsigned count, unsigned from)
{
	for (; from < count; from = align_down(from, 64) + 64) {
		u64 left = set[from / 64] >> from % 64;

		if (left)
			return from + (unsigned)__builtin_ctzll(left);
	}
	return count;
}

static unsigned next_jump(const struct tlb_view *view, unsigned from)
{
	return next_set(view->jumped, TLB_JUMPS, from);
}

void tlb_jumps_clear(struct tlb_view *view)
{
	for (unsigned i = next_jump(view, 0); i < TLB_JUMPS; i = next_jump(view, i + 1))
		view->jump[i].pc = tlb_jump_none(i);
	memset(view->jumped, 0, sizeof(view->jumped));
	memset(view->jump_pages, 0, sizeof(view->jump_pages));
	memset(view->gone_pages, 0, sizeof(view->gone_pages));
	view->some_gone = false;
	view->gone_code = (struct tlb_range){ 0, 0 };
	view->jumps_stale = false;
}

static bool has_page(const u64 *pages, u64 page)
{
	return pages[page / 64] >> page % 64 & 1;
}

static bool is_gone(const struct tlb_view *view, unsigned n)
{
	u64 block = (u64)(uintptr_t)view->jump_block[n];

	return has_page(view->gone_pages, tlb_jump_page(view->jump[n].pc)) ||
	       block - view->gone_code.begin < view->gone_code.end - view->gone_code.begin;
}

static void clear_gone_pages(struct tlb_view *view)
{
	for (unsigned n = 0; n < ARRAY_SIZE(view->gone_pages); n++)
		view->jump_pages[n] &= ~view->gone_pages[n];
	memset(view->gone_pages, 0, sizeof(view->gone_pages));
	view->some_gone = false;
}

void tlb_jumps_clear_gone(struct tlb_view *view)
{
	for (unsigned i = next_jump(view, 0); i < TLB_JUMPS; i = next_jump(view, i + 1)) {
		if (!is_gone(view, i))
			continue;
		view->jump[i].pc = tlb_jump_none(i);
		view->jumped[i / 64] &= ~BIT(i % 64);
	}
	if (view->some_gone)
		clear_gone_pages(view);
	view->gone_code = (struct tlb_range){ 0, 0 };
	view->jumps_stale = false;
}

void tlb_jump_set(struct tlb_view *view, u64 pc, struct block *block, const void *entry)
{
	u64 page = tlb_jump_page(pc);
	unsigned n = tlb_jump_index(pc);

	view->jump[n] = (struct tlb_jump){ pc, entry };
	view->jump_block[n] = block;
	view->jumped[n / 64] |= BIT(n % 64);
	view->jump_pages[page / 64] |= BIT(page % 64);
}

bool tlb_jumps_lose_page(struct tlb_view *view, u64 va)
{
	u64 page = tlb_jump_page(va);

	if (!has_page(view->jump_pages, page))
		return false;
	view->gone_pages[page / 64] |= BIT(page % 64);
	view->some_gone = true;
	view->jumps_stale = true;
	return true;
}

/*
 * Extends `all` so that it includes the range. One range is kept for all blocks that are gone, so
 * jumps to blocks between two such ranges are cleared, too.
 */
static void add_range(struct tlb_range *all, const struct tlb_range *range)
{
	bool none = all->begin == all->end;

	all->begin = none ? range->begin : MIN(all->begin, range->begin);
	all->end = MAX(all->end, range->end);
}

void tlb_jumps_lose_code(struct tlb_view *view, const struct tlb_range *blocks)
{
	add_range(&view->gone_code, blocks);
	view->jumps_stale = true;
}
