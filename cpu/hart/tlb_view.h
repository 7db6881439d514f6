/* SPDX-License-Identifier: MIT */
/* A view: the part of the first level of the TLB that belongs to one regime (see mmu/tlb.h). */
#ifndef CPU_HART_TLB_VIEW_H
#define CPU_HART_TLB_VIEW_H

#include "bus/base.h"
#include "cpu/hart/limits.h"
#include "cpu/hart/regime_state.h"

struct block;
struct space;

#define TLB_HINTS 256
#define TLB_WRITTEN 64
/* The entries of a group, which share a line of the host's cache in each array. */
#define TLB_GROUP 8
/* The number of groups into which `entries` entries are divided. */
#define TLB_GROUPS(entries) (((entries) + TLB_GROUP - 1) / TLB_GROUP)
#define TLB_JUMP_PAGES 4096
#define TLB_SITED 256
#define TLB_WRITERS UINT16_MAX

/* A tag is the page's address; these bits, set in a tag, keep it from matching. */
#define TLB_INVALID BIT(11)

/*
 * An entry of the table that finds code by a virtual pc, as native code reads it: the pc, and the
 * entry of the block's code when this was noted. If that code was dropped since then, its entry
 * leaves native code at once.
 */
struct tlb_jump {
	u64 pc;
	const void *entry;
};

/* Memory of the host from `begin` up to `end` (excluded) in which all blocks are gone. */
struct tlb_range {
	u64 begin, end;
};

/*
 * A span: consecutive pages that are also consecutive in the host's memory. An access is in them if
 * its first byte is from `begin` to `last`. `left` is how often native code may still replace it by
 * another span.
 */
struct tlb_span {
	u64 begin, last, addend, left;
};

/*
 * The most pages of a span; the bytes after its last address, which are those of the widest
 * element; and how often it may be replaced in vain until the view is cleared.
 */
#define TLB_SPAN_PAGES 256
#define TLB_SPAN_REST 8
#define TLB_SPAN_LEFT 64

/* The number of words with a bit for each of `count`. */
#define TLB_WORDS(count) (((count) + 63) / 64)

/*
 * Native code computes an entry's number by BEXTR, which extracts a field of an address: the low
 * byte of a register has the field's first bit, the next byte its length. These are the low bytes
 * of the register that points to the view (jit/registers.h), so views are aligned to 64 KiB.
 */
#define TLB_VIEW_ALIGNMENT 65536
#define TLB_INDEX_FIELD (PAGE_SHIFT | __builtin_ctz(TLB_ENTRIES_MAX) << 8)

struct tlb_view {
	/* The first array begins at a cache line, and its offset from that register fits a byte. */
	u8 unused[(TLB_INDEX_FIELD + 63) / 64 * 64];
	/*
	 * Native code reads the entries itself, and finds these arrays by their offsets. An entry
	 * is an element of each array, at tlb_index(va): a tag for each right, and the addend.
	 */
	u64 read[TLB_ENTRIES_MAX], write[TLB_ENTRIES_MAX];
	u64 addend[TLB_ENTRIES_MAX], execute[TLB_ENTRIES_MAX];
	/*
	 * By the site of an access in native code, the page that it last accessed, and its addend:
	 * the first half for loads, the second for stores. It contains what the entries contained.
	 * It is cleared when such an entry would be, but not when another page replaces the entry.
	 */
	u64 site_page[TLB_SITES_MAX], site_addend[TLB_SITES_MAX];
	/*
	 * The spans of vector accesses, by the same sites. Their pages were in the entries or the
	 * second level.
	 */
	struct tlb_span span[TLB_SPANS_MAX];
	u8 sited[TLB_SITED]; /* by a hash, which pages may be in site_page */
	bool has_sites; /* some page may be in site_page */
	struct tlb_jump jump[TLB_JUMPS_MAX] __attribute__((aligned(64)));
	struct block *jump_block[TLB_JUMPS_MAX]; /* the block of the same jump */
	/*
	 * The groups of entries, and the jumps, that were set since the view was cleared: most
	 * views are cleared before many were.
	 */
	bool entered[TLB_GROUPS(TLB_ENTRIES_MAX)];
	u64 jumped[TLB_WORDS(TLB_JUMPS_MAX)];
	/* By a hash, the pages that may have jumps, and the pages whose jumps are to be cleared. */
	u64 jump_pages[TLB_JUMP_PAGES / 64], gone_pages[TLB_JUMP_PAGES / 64];
	struct tlb_range gone_code;
	struct regime regime;
	struct grant_needs needs; /* the regime's */
	struct space *space; /* the space that has what the view lacks; NULL: no regime */
	struct space *probed; /* `space`, or an empty one with pointer masking */
	u64 selected; /* the number of its last selection; 0: it has no regime */
	u64 given; /* how often it was given another regime */
	bool stale; /* flushed, but not cleared yet */
	bool some_gone; /* a bit of gone_pages is set */
	bool jumps_stale; /* jumps to gone_pages, or to gone_code, must be cleared before use */
	/* Entries that became writable since tlb_forget_writes; if full, any entry may be. */
	u16 written[TLB_WRITTEN];
	unsigned written_count;
	/*
	 * By a hash of the host's page, the entry through which it can be written: 0 if none, its
	 * number plus one, or TLB_WRITERS for several.
	 */
	u16 writer[TLB_WRITTEN_PAGES];
	bool wrote; /* some element of `writer` is not 0 */
} __attribute__((aligned(TLB_VIEW_ALIGNMENT)));

#endif
