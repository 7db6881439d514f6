/* SPDX-License-Identifier: MIT */
/*
 * C906's tables: lines of its caches, TLBs, predictors of branches and addresses. They are apart
 * from the pipeline, which uses them by actions.h.
 */
#ifndef CPU_TIMING_C906_TABLES_H
#define CPU_TIMING_C906_TABLES_H

#include "cpu/timing/c906/lsu/prefetch.h"
#include "cpu/timing/c906/predict.h"
#include "cpu/timing/memo/memo_action.h"

/* The limits of params.def, as sizes of arrays. */
#define C906_ICACHE_SETS_MAX 256
#define C906_DCACHE_SETS_MAX 256
#define C906_JTLB_SETS_MAX 64

/* The RTL's cpu_cfig.h does not vary these. */
#define C906_LINE 64 /* bytes of a line */
#define C906_ICACHE_WAYS 2
#define C906_DCACHE_WAYS 4
#define C906_JTLB_WAYS 2
#define C906_BHT_ROWS 1024

/* A line with its bytes, so that a core sees changed code as late as it really does. */
struct c906_icache_line {
	u64 address; /* physical */
	bool valid;
	u8 bytes[C906_LINE];
};

/* The cache is indexed by virtual address, so that a line may be in another set. */
struct c906_dcache_line {
	u64 tag; /* physical address of its page, and C906_VALID; 0: there is none */
	bool dirty;
};
#define C906_VALID BIT(0)

/* A page, of the micro-TLBs as well. */
struct c906_page {
	u64 va;
	u64 leaf; /* the page table entry, if translated */
	u16 asid;
	u8 level; /* the page has 2^(12 + 9 * level) bytes */
	u8 mode; /* enum c906_mode */
	bool valid;
};

#define C906_UTLB_PAGES 10 /* pages of aq_mmu_utlb.v */
#define C906_UTLB_DIGESTS 16 /* as many as two registers of the host hold */
#define C906_PLRU_NODES 16

/* The pages of a micro-TLB. */
struct c906_pages {
	struct c906_page page[C906_UTLB_PAGES];
	u16 tree; /* a bit for each node; 1 is the root */
	u8 last; /* the page of the last hit: another one in a row changes nothing */
	u64 number[C906_UTLB_PAGES]; /* of those of 4 KiB: c906_page_number; 0: it is none */
	u16 digest[C906_UTLB_DIGESTS]; /* low bits of those, to compare them all at once */
	u16 valid; /* a bit for each page */
	bool large; /* some are not of 4 KiB */
};

/* The operands of the last division, whose results the divider keeps (aq_iu_div.v). */
#define C906_DIV_SIGNED BIT(0)
#define C906_DIV_WORD BIT(1)
struct c906_divided {
	bool kept;
	u8 how; /* a set of those */
	u64 a, b;
};

/* Return how many steps a division takes; 0: the result is known. */
u8 c906_divide(struct c906_divided *last, unsigned how, u64 a, u64 b);

/* The address of a page walk, and the entry that it ended at. */
struct c906_walk {
	u64 va, leaf;
};

/* The parts that are in registers; they are lost with the pipeline when that begins anew. */
struct c906_learned {
	struct c906_bht bht;
	struct c906_btb btb;
	struct c906_ras ras;
	struct c906_pages iutlb, dutlb;
	struct c906_prefetcher prefetcher;
	struct c906_amr amr;
	struct c906_divided divided;
	struct c906_walk walk;
};

struct c906_tables {
	struct c906_icache_line icache[C906_ICACHE_SETS_MAX][C906_ICACHE_WAYS];
	u8 icache_next[C906_ICACHE_SETS_MAX]; /* way to be replaced */
	struct c906_dcache_line dcache[C906_DCACHE_SETS_MAX][C906_DCACHE_WAYS];
	u8 dcache_next[C906_DCACHE_SETS_MAX];
	/* Of what lines are there, some bits of their tags: to compare two sets at once. */
	u16 dcache_digest[C906_DCACHE_SETS_MAX][C906_DCACHE_WAYS];
	struct c906_page jtlb[C906_JTLB_SETS_MAX][C906_JTLB_WAYS];
	u8 jtlb_next[C906_JTLB_SETS_MAX];
	u16 bht[C906_BHT_ROWS]; /* eight counters each; predict.h */
	struct c906_learned learned;
	/*
	 * Lines and pages of what is fetched are the same as long as this is, which never falls;
	 * and those of a group of addresses since it was that.
	 */
	u64 version;
	u64 changed[MEMO_GROUPS];
};

/* Return a group of addresses, by bits that virtual and physical ones have in common. */
static inline u8 c906_word_group(u64 address)
{
	return (u8)(address / C906_LINE % MEMO_GROUPS);
}

/* A line or page of a group has changed; or all have. */
static inline void c906_fetch_changes(struct c906_tables *tables, u8 group)
{
	tables->changed[group] = ++tables->version;
}

static inline void c906_all_fetches_change(struct c906_tables *tables)
{
	tables->version++;
	for (unsigned group = 0; group < MEMO_GROUPS; group++)
		tables->changed[group] = tables->version;
}

#endif
