/* SPDX-License-Identifier: MIT */
/*
 * C906's tables: lines of its caches, TLBs, predictors of branches and addresses. They are separate
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

#define C906_VALID BIT(0)

#define C906_UTLB_PAGES 10 /* pages of aq_mmu_utlb.v */
#define C906_UTLB_DIGESTS 16 /* the number that two registers of the host hold */
#define C906_PLRU_NODES 16
#define C906_UTLB_FOUND 16

/* The index of the first page that covers the 4 KiB of a c906_page_number. */
struct c906_page_found {
	u64 number; /* 0: none */
	u64 page;
};

/* The operands of the last division, whose results the divider keeps (aq_iu_div.v). */
#define C906_DIV_SIGNED BIT(0)
#define C906_DIV_WORD BIT(1)

/* Some bits of the tags of a set's lines, to compare two sets at once. */
struct c906_dcache_digests {
	u16 way[C906_DCACHE_WAYS];
};

#define UNITS "cpu/timing/c906/state/tables.def"
#include "cpu/timing/fields/structs.inc"

/* Returns how many steps a division takes; 0: the result is known. */
u8 c906_divide(struct c906_divided *last, unsigned how, u64 a, u64 b);

/* Returns a group of addresses, by bits that virtual and physical ones have in common. */
static inline u8 c906_word_group(u64 address)
{
	return (u8)(address / C906_LINE % MEMO_GROUPS);
}

/* Notes that a line or page of a group, or that everything, has changed. */
static inline void c906_fetch_changes(struct c906_tables *tables, u8 group)
{
	tables->changed[group] = ++tables->version;
}

static inline void c906_all_fetches_change(struct c906_tables *tables)
{
	memo_groups_change(tables->changed, ++tables->version);
}

#endif
