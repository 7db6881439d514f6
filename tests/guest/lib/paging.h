/* SPDX-License-Identifier: MIT */
/*
 * Page tables for tests. paging_start() makes a root that maps RAM and devices to their own
 * addresses for S-mode, and RAM a second time, USER_OFFSET higher, for U-mode; and it turns on
 * translation for the modes below M. Pages at TEST_VA are for the test; they have no entries at
 * first.
 */
#ifndef GUEST_PAGING_H
#define GUEST_PAGING_H

#include "guest.h"

#define PTE_V 1ul
#define PTE_R 2ul
#define PTE_W 4ul
#define PTE_X 8ul
#define PTE_U 16ul
#define PTE_G 32ul
#define PTE_A 64ul
#define PTE_D 128ul
#define PTE_PBMT_SHIFT 61
#define PTE_N BIT(63)
#define PTE_RW (PTE_V | PTE_R | PTE_W | PTE_A | PTE_D)
#define PTE_RWX (PTE_RW | PTE_X)

#define SV39 8ul
#define SV48 9ul
#define SV57 10ul

#define USER_OFFSET 0x40000000ul
#define TEST_VA 0x100000000ul

/* Returns a zeroed table. Tables are never freed. */
u64 *paging_table(void);

/* Sets satp to mode SV39, SV48 or SV57 with ASID 0. The other functions then use the new root. */
void paging_start(u64 mode);
void paging_stop(void);

/* Returns the value of satp for the current root and an ASID. */
u64 paging_satp(u64 asid);

/* Returns the entry of va at a level (0: 4 KiB), after making the tables that are missing. */
u64 *paging_entry(u64 va, unsigned level);

/* Writes a leaf entry at a level, and executes sfence.vma. Returns the entry's address. */
u64 *paging_map(u64 va, unsigned level, u64 pa, u64 flags);

/* Returns the number of levels of the current mode: 3, 4 or 5. */
unsigned paging_levels(void);

static inline void sfence(void)
{
	asm volatile("sfence.vma" ::: "memory");
}

static inline void sfence_page(u64 va)
{
	asm volatile("sfence.vma %0" ::"r"(va) : "memory");
}

#endif
