/* SPDX-License-Identifier: MIT */
/*
 * A TLB: fully associative with LRU, or indexed by the page's number with one way. It holds leaf
 * entries as they are in memory; what they permit has been judged by who executed.
 */
#ifndef CPU_TIMING_INORDER_LOOKASIDE_H
#define CPU_TIMING_INORDER_LOOKASIDE_H

#include "bus/base.h"

struct inorder_page {
	u64 va, size; /* of the page; size 0: none */
	u64 pa;
	u64 used; /* when, in lookups */
	u64 space; /* the ASID it belongs to */
	u64 global; /* 0 or 1 */
};

struct inorder_lookaside {
	struct inorder_page *pages;
	unsigned entries;
	bool indexed;
	u64 lookups;
	u64 fills; /* so far; no state */
	struct inorder_page *last; /* found last */
};

int inorder_lookaside_init(struct inorder_lookaside *tlb, u64 entries, bool indexed);
void inorder_lookaside_free(struct inorder_lookaside *tlb);
void inorder_lookaside_clear(struct inorder_lookaside *tlb);

/*
 * Forget pages: the one of va unless `all`, of the space unless `spaces`. Of one space alone, what
 * is global stays.
 */
struct inorder_forget {
	u64 va, space;
	bool all, spaces;
};
void inorder_lookaside_forget(struct inorder_lookaside *tlb, const struct inorder_forget *what);

/* The page of va in a space, or NULL. */
const struct inorder_page *inorder_lookaside_find(struct inorder_lookaside *tlb, u64 va, u64 space);

/* The same if it is the one that was used last: looking for it again would change nothing. */
const struct inorder_page *inorder_lookaside_peek(const struct inorder_lookaside *tlb, u64 va,
						  u64 space);

/* Take a copy in. */
const struct inorder_page *inorder_lookaside_fill(struct inorder_lookaside *tlb,
						  const struct inorder_page *page);

#endif
