/* SPDX-License-Identifier: MIT */
/* Sv39 page tables and free pages, for benchmarks that have a kernel. */
#ifndef PAGING_H
#define PAGING_H

#include "bench.h"

#define PAGE_SIZE 4096ul
#define RAM_BASE 0x80000000ul

#define PTE_V 1ul
#define PTE_R 2ul
#define PTE_W 4ul
#define PTE_X 8ul
#define PTE_U 16ul
#define PTE_G 32ul
#define PTE_A 64ul
#define PTE_D 128ul
#define PTE_USER_CODE (PTE_V | PTE_R | PTE_X | PTE_U | PTE_A)
#define PTE_USER_DATA (PTE_V | PTE_R | PTE_W | PTE_U | PTE_A | PTE_D)

/* The part of the image that user mode can access, and its addresses there. */
#define USER_CODE 0x10000ul
#define USER_DATA 0x400000ul
#define USER_STACK 0x800000ul
extern u8 _user[], _user_end[], _end[];

/* Returns a zeroed page of RAM. Pages are never freed. */
void *page_new(void);

/*
 * Returns the root of a new address space, which contains the kernel's RAM and devices, as global
 * pages, and the user pages of the image.
 */
u64 *space_new(void);

/* Returns the PTE of a 4 KiB page, after making the tables that are missing. */
u64 *space_pte(u64 *space, u64 va);

/* Maps a page with these rights, a combination of PTE_ bits. */
void space_map(u64 *space, u64 va, const void *page, u64 rights);

/* Returns the value of satp for an address space, in Sv39. */
static inline u64 space_satp(const u64 *space, u64 asid)
{
	return 8ul << 60 | asid << 44 | (u64)space >> 12;
}

#endif
