/* SPDX-License-Identifier: MIT */
/* The entries of a TLB. See lookaside.h. */
#include "cpu/timing/inorder/lookaside.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int inorder_lookaside_init(struct inorder_lookaside *tlb, u64 entries, bool indexed)
{
	tlb->entries = (unsigned)entries;
	tlb->indexed = indexed;
	tlb->pages = calloc(MAX(entries, 1), sizeof(*tlb->pages));
	return tlb->pages ? 0 : -ENOMEM;
}

void inorder_lookaside_free(struct inorder_lookaside *tlb)
{
	free(tlb->pages);
}

void inorder_lookaside_clear(struct inorder_lookaside *tlb)
{
	memset(tlb->pages, 0, tlb->entries * sizeof(*tlb->pages));
	tlb->lookups = 0;
	tlb->last = NULL;
}

static bool is_meant(const struct inorder_page *page, const struct inorder_forget *what)
{
	return (what->all || what->va - page->va < page->size) &&
	       (what->spaces || (!page->global && page->space == what->space));
}

void inorder_lookaside_forget(struct inorder_lookaside *tlb, const struct inorder_forget *what)
{
	for (unsigned n = 0; n < tlb->entries; n++)
		if (is_meant(&tlb->pages[n], what))
			tlb->pages[n] = (struct inorder_page){ .size = 0 };
	tlb->last = NULL;
}

static bool inorder_lookaside_covers(const struct inorder_page *page, u64 va, u64 space)
{
	return va - page->va < page->size && (page->global || page->space == space);
}

static struct inorder_page *inorder_lookaside_indexed(struct inorder_lookaside *tlb, u64 va)
{
	return &tlb->pages[(va >> PAGE_SHIFT) % tlb->entries];
}

static struct inorder_page *inorder_lookaside_search(struct inorder_lookaside *tlb, u64 va,
						     u64 space)
{
	if (tlb->indexed)
		return inorder_lookaside_covers(inorder_lookaside_indexed(tlb, va), va, space) ?
			       inorder_lookaside_indexed(tlb, va) :
			       NULL;
	for (unsigned n = 0; n < tlb->entries; n++)
		if (inorder_lookaside_covers(&tlb->pages[n], va, space))
			return &tlb->pages[n];
	return NULL;
}

const struct inorder_page *inorder_lookaside_find(struct inorder_lookaside *tlb, u64 va, u64 space)
{
	if (!tlb->entries)
		return NULL;
	if (!tlb->last || !inorder_lookaside_covers(tlb->last, va, space))
		tlb->last = inorder_lookaside_search(tlb, va, space);
	/* The entry used last is the most recent one already. */
	if (tlb->last && tlb->last->used != tlb->lookups)
		tlb->last->used = ++tlb->lookups;
	return tlb->last;
}

const struct inorder_page *inorder_lookaside_peek(const struct inorder_lookaside *tlb, u64 va,
						  u64 space)
{
	const struct inorder_page *last = tlb->last;

	return last && last->used == tlb->lookups && inorder_lookaside_covers(last, va, space) ?
		       last :
		       NULL;
}

static struct inorder_page *inorder_lookaside_oldest(struct inorder_lookaside *tlb)
{
	struct inorder_page *page = tlb->pages;

	for (unsigned n = 1; n < tlb->entries; n++)
		if (tlb->pages[n].used < page->used)
			page = &tlb->pages[n];
	return page;
}

const struct inorder_page *inorder_lookaside_fill(struct inorder_lookaside *tlb,
						  const struct inorder_page *page)
{
	if (!tlb->entries)
		return page;
	tlb->last = tlb->indexed ? inorder_lookaside_indexed(tlb, page->va) :
				   inorder_lookaside_oldest(tlb);
	*tlb->last = *page;
	tlb->fills++;
	tlb->last->used = ++tlb->lookups;
	return tlb->last;
}
