/* SPDX-License-Identifier: MIT */
/* The part of the TLB that belongs to one regime, as threaded code reads it (see mmu/tlb.h). */
#ifndef CPU_HART_TLB_VIEW_H
#define CPU_HART_TLB_VIEW_H

#include "bus/base.h"
#include "cpu/hart/limits.h"
#include "cpu/hart/regime_state.h"

struct block;
struct space;

#define TLB_HINTS 256
#define TLB_WRITTEN 64
/* The entries of a group are a line of each array in the host's cache. */
#define TLB_GROUP 8
/* How many there are of so many entries. */
#define TLB_GROUPS(entries) (((entries) + TLB_GROUP - 1) / TLB_GROUP)
#define TLB_JUMP_PAGES 4096
#define TLB_SITED 256
#define TLB_WRITERS UINT16_MAX

/* A tag is the page's address; these bits, set in a tag, keep it from matching. */
#define TLB_INVALID BIT(11)

/*
 * An entry of the table that finds code by a virtual pc, as native code reads it: the way into the
 * block when this was noted. Code that was dropped since then leads out again at its entry.
 */
struct tlb_jump {
	u64 pc;
	const void *entry;
};

/* Memory of the host, from `begin` on and before `end`: blocks in it are gone. */
struct tlb_range {
	u64 begin, end;
};

/*
 * Pages in a row that lie so in the host's memory, too: an access whose first byte is from `begin`
 * to `last` is in them. `left` is how often native code may still find others for it.
 */
struct tlb_span {
	u64 begin, last, addend, left;
};

/*
 * The most pages of one, the bytes behind its last address, which are those of the widest element,
 * and how often it may be another one in vain until the view is cleared.
 */
#define TLB_SPAN_PAGES 256
#define TLB_SPAN_REST 8
#define TLB_SPAN_LEFT 64

/* The number of words that hold a bit for each of `count`. */
#define TLB_WORDS(count) (((count) + 63) / 64)

/*
 * Native code finds an entry's number by BEXTR, which takes a field of an address: the low byte of
 * a register tells where that begins, the next one how many bits it has. These are the low bytes of
 * the register that has the view (jit/registers.h), so views are aligned to 64 KiB.
 */
#define TLB_VIEW_ALIGNMENT 65536
#define TLB_INDEX_FIELD (PAGE_SHIFT | __builtin_ctz(TLB_ENTRIES_MAX) << 8)

struct tlb_view {
	/* The first array begins with a line of the cache, a byte's reach behind that register. */
	u8 unused[(TLB_INDEX_FIELD + 63) / 64 * 64];
	/*
	 * Native code probes the entries itself and finds these arrays by their offsets. An entry
	 * is an element of each, at tlb_index(va): a tag per right, and what to add to a virtual
	 * address for the host's.
	 */
	u64 read[TLB_ENTRIES_MAX], write[TLB_ENTRIES_MAX];
	u64 addend[TLB_ENTRIES_MAX], execute[TLB_ENTRIES_MAX];
	/*
	 * By the site of an access in native code, where it was last: the page, and what to add.
	 * The first half is of loads, the second of stores. It holds what the entries held, and is
	 * cleared where one of them would be, but not when another page takes its place.
	 */
	u64 site_page[TLB_SITES_MAX], site_addend[TLB_SITES_MAX];
	/*
	 * The spans of vector accesses, by their sites as above; the second level had their pages
	 * if not the entries.
	 */
	struct tlb_span span[TLB_SPANS_MAX];
	u8 sited[TLB_SITED]; /* by a hash, the pages that may be there */
	bool has_sites; /* one may be */
	struct tlb_jump jump[TLB_JUMPS_MAX] __attribute__((aligned(64)));
	struct block *jump_block[TLB_JUMPS_MAX]; /* by the same number */
	/*
	 * The groups of entries in which some were made since the view was cleared, and the jumps
	 * made: a view is mostly cleared before many entries were used.
	 */
	bool entered[TLB_GROUPS(TLB_ENTRIES_MAX)];
	u64 jumped[TLB_WORDS(TLB_JUMPS_MAX)];
	/* By a hash, the pages that may have jumps, and those whose jumps are to be cleared. */
	u64 jump_pages[TLB_JUMP_PAGES / 64], gone_pages[TLB_JUMP_PAGES / 64];
	struct tlb_range gone_code;
	struct regime regime;
	struct grant_needs needs; /* the regime's */
	struct space *space; /* the second level, which has what the view lacks; NULL: no regime */
	struct space *probed; /* the same; with pointer masking one that has nothing */
	u64 selected; /* the selection at which it was last selected; 0: it has no regime */
	u64 given; /* how often it was given to another regime than before */
	bool stale; /* flushed, but not cleared yet */
	bool some_gone; /* a bit of gone_pages is set */
	bool jumps_stale; /* jumps to gone_pages, or to gone_code, must be cleared before use */
	/* Entries that became writable since tlb_forget_writes; if full, any entry may be. */
	u16 written[TLB_WRITTEN];
	unsigned written_count;
	/*
	 * By a hash of the host's page, where the view lets it be written: 0 if nowhere, an entry's
	 * number and one, or TLB_WRITERS for more than one entry.
	 */
	u16 writer[TLB_WRITTEN_PAGES];
	bool wrote; /* one is not 0 */
} __attribute__((aligned(TLB_VIEW_ALIGNMENT)));

#endif
