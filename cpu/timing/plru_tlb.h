/* SPDX-License-Identifier: MIT */
/*
 * A fully associative TLB for pages of all sizes, replaced by a tree of bits that each hit turns
 * away from itself (pseudo-LRU). It holds leaf entries as they are in memory; what they permit is
 * for others to judge.
 */
#ifndef CPU_TIMING_PLRU_TLB_H
#define CPU_TIMING_PLRU_TLB_H

#include "bus/base.h"

#define PLRU_TLB_MAX 128

struct plru_tlb_entry {
	u64 va; /* of the page */
	u64 leaf; /* the page table entry */
	u16 asid;
	u8 level; /* the page has 2^(12 + 9 * level) bytes */
	bool valid, global;
};

struct plru_tlb {
	unsigned entries; /* a power of two, at least 2 */
	u8 tree[PLRU_TLB_MAX]; /* entries - 1 nodes, the root first */
	struct plru_tlb_entry entry[PLRU_TLB_MAX];
};

/* The entry that translates va, or NULL. */
const struct plru_tlb_entry *plru_tlb_find(const struct plru_tlb *tlb, u64 va, u16 asid);

void plru_tlb_copy(struct plru_tlb *to, const struct plru_tlb *from);

/* It was used. */
void plru_tlb_touch(struct plru_tlb *tlb, const struct plru_tlb_entry *entry);

/* Is there an entry for va, of whatever ASID? If `used`, each is. */
bool plru_tlb_match(struct plru_tlb *tlb, u64 va, bool used);

/* Replace the entry that the tree points at; `entry->va` may have low bits. */
void plru_tlb_fill(struct plru_tlb *tlb, const struct plru_tlb_entry *entry);

/* Where an address within the page is in physical memory. */
u64 plru_tlb_translate(const struct plru_tlb_entry *entry, u64 va);

bool plru_tlb_covers(const struct plru_tlb_entry *entry, u64 va);

#endif
