/* SPDX-License-Identifier: MIT */
/* The entries of a TLB. See tlb.h. */
#include "cpu/timing/inorder/tlb.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int inorder_tlb_init(struct inorder_tlb *tlb, u64 entries, bool indexed)
{
	tlb->entries = (unsigned)entries;
	tlb->indexed = indexed;
	tlb->pages = calloc(MAX(entries, 1), sizeof(*tlb->pages));
	return tlb->pages ? 0 : -ENOMEM;
}

void inorder_tlb_free(struct inorder_tlb *tlb)
{
	free(tlb->pages);
}

void inorder_tlb_clear(struct inorder_tlb *tlb)
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

void inorder_tlb_forget(struct inorder_tlb *tlb, const struct inorder_forget *what)
{
	for (unsigned n = 0; n < tlb->entries; n++)
		if (is_meant(&tlb->pages[n], what))
			tlb->pages[n] = (struct inorder_page){ .size = 0 };
	tlb->last = NULL;
}

static bool inorder_tlb_covers(const struct inorder_page *page, u64 va, u64 space)
{
	return va - page->va < page->size && (page->global || page->space == space);
}

static struct inorder_page *inorder_tlb_indexed(struct inorder_tlb *tlb, u64 va)
{
	return &tlb->pages[(va >> PAGE_SHIFT) % tlb->entries];
}

static struct inorder_page *inorder_tlb_search(struct inorder_tlb *tlb, u64 va, u64 space)
{
	if (tlb->indexed)
		return inorder_tlb_covers(inorder_tlb_indexed(tlb, va), va, space) ?
			       inorder_tlb_indexed(tlb, va) :
			       NULL;
	for (unsigned n = 0; n < tlb->entries; n++)
		if (inorder_tlb_covers(&tlb->pages[n], va, space))
			return &tlb->pages[n];
	return NULL;
}

const struct inorder_page *inorder_tlb_find(struct inorder_tlb *tlb, u64 va, u64 space)
{
	if (!tlb->entries)
		return NULL;
	if (!tlb->last || !inorder_tlb_covers(tlb->last, va, space))
		tlb->last = inorder_tlb_search(tlb, va, space);
	/* The entry used last is the most recent one already. */
	if (tlb->last && tlb->last->used != tlb->lookups)
		tlb->last->used = ++tlb->lookups;
	return tlb->last;
}

const struct inorder_page *inorder_tlb_peek(const struct inorder_tlb *tlb, u64 va, u64 space)
{
	const struct inorder_page *last = tlb->last;

	return last && last->used == tlb->lookups && inorder_tlb_covers(last, va, space) ? last :
											   NULL;
}

static struct inorder_page *inorder_tlb_oldest(struct inorder_tlb *tlb)
{
	struct inorder_page *page = tlb->pages;

	for (unsigned n = 1; n < tlb->entries; n++)
		if (tlb->pages[n].used < page->used)
			page = &tlb->pages[n];
	return page;
}

const struct inorder_page *inorder_tlb_fill(struct inorder_tlb *tlb,
					    const struct inorder_page *page)
{
	if (!tlb->entries)
		return page;
	tlb->last = tlb->indexed ? inorder_tlb_indexed(tlb, page->va) : inorder_tlb_oldest(tlb);
	*tlb->last = *page;
	tlb->fills++;
	tlb->last->used = ++tlb->lookups;
	return tlb->last;
}
