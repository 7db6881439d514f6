/* SPDX-License-Identifier: MIT */
/* Makes page tables for tests (see paging.h). */
#include "paging.h"

#define TABLES 96

static u64 tables[TABLES][512] __attribute__((aligned(4096)));
static unsigned used;
static u64 *root;
static u64 satp_mode;

u64 *paging_table(void)
{
	if (used == TABLES) {
		print("FAIL no more page tables\n");
		finish(2);
	}
	return tables[used++];
}

unsigned paging_levels(void)
{
	return (unsigned)(satp_mode - SV39) + 3;
}

u64 *paging_entry(u64 va, unsigned level)
{
	u64 *table = root;

	for (unsigned at = paging_levels() - 1; at > level; at--) {
		u64 *entry = &table[va >> (12 + 9 * at) & 511];

		if (!(*entry & PTE_V))
			*entry = (u64)paging_table() >> 12 << 10 | PTE_V;
		table = (u64 *)(*entry << 10 >> 20 << 12);
	}
	return &table[va >> (12 + 9 * level) & 511];
}

u64 *paging_map(u64 va, unsigned level, u64 pa, u64 flags)
{
	u64 *entry = paging_entry(va, level);

	*entry = pa >> 12 << 10 | flags;
	sfence();
	return entry;
}

u64 paging_satp(u64 asid)
{
	return satp_mode << SATP_MODE_SHIFT | asid << SATP_ASID_SHIFT | (u64)root >> 12;
}

void paging_start(u64 mode)
{
	root = paging_table();
	satp_mode = mode;
	*paging_entry(0, 2) = PTE_RW;
	*paging_entry(DRAM_BASE, 2) = DRAM_BASE >> 2 | PTE_RWX;
	*paging_entry(DRAM_BASE + USER_OFFSET, 2) = DRAM_BASE >> 2 | PTE_RWX | PTE_U;
	csr_write(satp, paging_satp(0));
	sfence();
	user_offset = USER_OFFSET;
}

void paging_stop(void)
{
	csr_write(satp, 0);
	sfence();
	user_offset = 0;
}
