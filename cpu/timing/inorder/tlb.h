/* SPDX-License-Identifier: MIT */
/*
 * A TLB: fully associative with LRU, or direct-mapped by the page's number. It holds leaf entries
 * as they are in memory; the hart that executed has checked their permissions.
 */
#ifndef CPU_TIMING_INORDER_TLB_H
#define CPU_TIMING_INORDER_TLB_H

#include "bus/base.h"

struct inorder_page {
	u64 va, size; /* address and size of the page; size 0: none */
	u64 pa;
	u64 used; /* time of its last use, in lookups */
	u64 space; /* the ASID it belongs to */
	u64 global; /* 0 or 1 */
};

#define UNITS "cpu/timing/inorder/state/tlb.def"
#include "cpu/timing/fields/structs.inc"

int inorder_tlb_init(struct inorder_tlb *tlb, u64 entries, bool indexed);
void inorder_tlb_free(struct inorder_tlb *tlb);
void inorder_tlb_clear(struct inorder_tlb *tlb);

/*
 * Pages to be invalidated: that of va, unless `all`; those of the space, unless `spaces`. If only
 * one space is meant, global pages stay.
 */
struct inorder_forget {
	u64 va, space;
	bool all, spaces;
};
void inorder_tlb_forget(struct inorder_tlb *tlb, const struct inorder_forget *what);

/* Returns the page of va in a space, or NULL. */
const struct inorder_page *inorder_tlb_find(struct inorder_tlb *tlb, u64 va, u64 space);

/* Returns that page only if it is the one used last: then finding it again changes nothing. */
const struct inorder_page *inorder_tlb_peek(const struct inorder_tlb *tlb, u64 va, u64 space);

/* Fills in a copy of the page, and returns it. */
const struct inorder_page *inorder_tlb_fill(struct inorder_tlb *tlb,
					    const struct inorder_page *page);

#endif
