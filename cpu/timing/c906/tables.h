/* SPDX-License-Identifier: MIT */
/*
 * What C906 remembers in RAMs: lines of its caches, the joint TLB, counters of branches. Apart from
 * the pipeline, which is small beside them and changes with each cycle; they change by misses.
 */
#ifndef CPU_TIMING_C906_TABLES_H
#define CPU_TIMING_C906_TABLES_H

#include "bus/base.h"

/* The most that params.def allows, for arrays. */
#define C906_ICACHE_SETS_MAX 256
#define C906_DCACHE_SETS_MAX 256
#define C906_JTLB_SETS_MAX 64

/* cpu_cfig.h does not vary these. */
#define C906_LINE 64 /* bytes */
#define C906_ICACHE_WAYS 2
#define C906_DCACHE_WAYS 4
#define C906_JTLB_WAYS 2
#define C906_BHT_ROWS 1024

/* With its bytes, so that a core sees changed code as late as it really does. */
struct c906_icache_line {
	u64 address; /* physical */
	bool valid;
	u8 bytes[C906_LINE];
};

/* Indexed by virtual address, so that a line may be in another set. */
struct c906_dcache_line {
	u64 frame; /* physical address of its page */
	bool valid, dirty;
};

/* Of the micro-TLBs as well. */
struct c906_page {
	u64 va;
	u64 leaf; /* the page table entry, if translated */
	u16 asid;
	u8 level; /* the page has 2^(12 + 9 * level) bytes */
	u8 mode; /* enum c906_mode */
	bool valid;
};

struct c906_tables {
	struct c906_icache_line icache[C906_ICACHE_SETS_MAX][C906_ICACHE_WAYS];
	u8 icache_next[C906_ICACHE_SETS_MAX]; /* way to be replaced */
	struct c906_dcache_line dcache[C906_DCACHE_SETS_MAX][C906_DCACHE_WAYS];
	u8 dcache_next[C906_DCACHE_SETS_MAX];
	struct c906_page jtlb[C906_JTLB_SETS_MAX][C906_JTLB_WAYS];
	u8 jtlb_next[C906_JTLB_SETS_MAX];
	u16 bht[C906_BHT_ROWS]; /* eight counters each; predict.h */
};

#endif
