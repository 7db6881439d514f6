/* SPDX-License-Identifier: MIT */
/*
 * Translations remembered, for speed only. What a guest may notice is what the manual lets it:
 * if it changes page tables and does not fence, how long the old ones stay. Runs are reproducible
 * as long as it fences. A view holds those of
 * one regime; a change of privilege, address space or world selects another view and loses
 * nothing. An entry maps a page to host memory when tags match; what must not take the fast path
 * (devices, pages with decoded code, pages that PMP splits) has tags that never match.
 */
#ifndef CPU_MMU_TLB_H
#define CPU_MMU_TLB_H

#include "bus/base.h"
#include "cpu/hart/limits.h"
#include "cpu/mmu/regime.h"

struct block;
struct hart;

#define TLB_BIG 8
#define TLB_HINTS 256
#define TLB_WRITTEN 64
#define TLB_JUMP_PAGES 4096

/* A tag is the page's address; these bits, set in a tag, keep it from matching. */
#define TLB_INVALID BIT(11)

struct tlb_entry {
	u64 read, write, execute; /* tags */
	u64 addend; /* host address = va + addend */
};

/* Where the block at a virtual pc is. */
struct tlb_jump {
	u64 pc;
	struct block *block;
};

/* A bit for each of so many. */
#define TLB_WORDS(count) (((count) + 63) / 64)

struct tlb_view {
	struct tlb_entry entry[TLB_ENTRIES];
	struct tlb_jump jump[TLB_JUMPS];
	/* Those that were made since it was clear: a guest fences more often than it uses many. */
	u64 entered[TLB_WORDS(TLB_ENTRIES)], jumped[TLB_WORDS(TLB_JUMPS)];
	u64 jump_pages[TLB_JUMP_PAGES / 64]; /* which pages, by a hash, may have jumps */
	struct regime regime;
	u64 selected; /* when, in selections; 0: never, it has no regime */
	bool stale; /* flushed, but not cleared yet */
	bool jumps_stale; /* code was dropped: the jumps must be cleared before use */
	/*
	 * Superpages are entered in 4 KiB pieces, and a fence for one address must drop all of the
	 * page. These ranges cover all that were entered: few and wide rather than exact.
	 */
	struct tlb_range { u64 base, last; } big[TLB_BIG];
	unsigned big_count;
	/* Entries that were given the right to write since tlb_forget_writes; full: any of them. */
	u16 written[TLB_WRITTEN];
	unsigned written_count;
};

struct tlb {
	struct tlb_view view[TLB_VIEWS];
	u64 selections; /* so far */
	u8 likely[TLB_HINTS]; /* a view, by some of its regime: where to look first */
};

struct tlb *tlb_create(void); /* NULL when out of memory */
void tlb_free(struct tlb *tlb);

/* The view of a regime, made when there is none; ready for use. */
struct tlb_view *tlb_select(struct tlb *tlb, const struct regime *regime);

/* The view of a regime as it is, or NULL when there is none that remembers anything. */
struct tlb_view *tlb_find(struct tlb *tlb, const struct regime *regime);

/* Clear what a flush or dropped code made stale. */
void tlb_clear(struct tlb_view *view);

/* The view again, ready for use. */
static inline void tlb_refresh(struct tlb_view *view)
{
	if (unlikely(view->stale || view->jumps_stale))
		tlb_clear(view);
}

/*
 * SFENCE.VMA and its kin: what to forget. One function for all fences; more may be forgotten than
 * asked for, never less.
 */
struct tlb_fence {
	bool virt; /* of guests; else of the host's own translation */
	bool g_stage; /* the G stage changed: all of the guest goes. Else the first stage */
	bool has_va, has_asid, has_vmid; /* without: all of them */
	u64 va;
	u16 asid, vmid;
};
void tlb_flush(struct tlb *tlb, const struct tlb_fence *fence);
void tlb_flush_all(struct tlb *tlb);

/* A piece of a superpage of `size` bytes at va was entered. */
void tlb_note_big(struct tlb_view *view, u64 va, u64 size);

/* Decoded blocks were dropped: forget all jumps to them. */
void tlb_forget_code(struct tlb *tlb);

/* Forget the right to write to a page of host memory: it holds decoded code now. */
void tlb_protect(struct tlb *tlb, u64 host_page);

/* Forget all rights to write: each page's next store is a miss, which marks the page dirty. */
void tlb_forget_writes(struct tlb *tlb);

static inline struct tlb_entry *tlb_entry_of(struct tlb_view *view, u64 va)
{
	return &view->entry[(va >> PAGE_SHIFT) % TLB_ENTRIES];
}

/* The same, to be made another one. */
struct tlb_entry *tlb_enter(struct tlb_view *view, u64 va);

static inline void tlb_note_write(struct tlb_view *view, const struct tlb_entry *entry)
{
	if (view->written_count < TLB_WRITTEN)
		view->written[view->written_count++] = (u16)(entry - view->entry);
}

static inline struct tlb_jump *tlb_jump_of(struct tlb_view *view, u64 pc)
{
	return &view->jump[(pc >> 1) % TLB_JUMPS];
}

static inline u64 tlb_jump_page(u64 pc)
{
	return (pc >> PAGE_SHIFT) % TLB_JUMP_PAGES;
}

void tlb_jump_set(struct tlb_view *view, u64 pc, struct block *block);

#endif
