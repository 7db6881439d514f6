/* SPDX-License-Identifier: MIT */
/* Makes Sv39 page tables. The kernel maps RAM by 2 MiB pages, as Linux does. */
#include "paging.h"

#define MEGA (2ul << 20)
#define KERNEL_RAM (64ul << 20)
#define PTE_KERNEL (PTE_V | PTE_R | PTE_W | PTE_X | PTE_G | PTE_A | PTE_D)

static u64 pte_of(const void *page, u64 rights)
{
	return (u64)page >> 12 << 10 | rights;
}

static u64 *table_of(u64 pte)
{
	return (u64 *)(pte >> 10 << 12);
}

void *page_new(void)
{
	static u8 *next;
	u64 *page;

	if (!next)
		next = _end;
	page = (u64 *)next;
	next += PAGE_SIZE;
	for (unsigned n = 0; n < PAGE_SIZE / sizeof(*page); n++)
		page[n] = 0;
	return page;
}

u64 *space_new(void)
{
	static u64 *kernel;
	u64 *space = page_new();

	if (!kernel) {
		kernel = page_new();
		for (u64 at = 0; at < KERNEL_RAM; at += MEGA)
			kernel[at / MEGA] = pte_of((void *)(RAM_BASE + at), PTE_KERNEL);
	}
	space[RAM_BASE >> 30] = pte_of(kernel, PTE_V);
	/* Devices are below 1 GiB, and so is user memory. Of the devices, only the two that are
	 * used are mapped. */
	space_map(space, 0x100000, (void *)0x100000, PTE_KERNEL);
	space_map(space, 0x10000000, (void *)0x10000000, PTE_KERNEL);
	for (u8 *page = _user; page < _user_end; page += PAGE_SIZE)
		space_map(space, USER_CODE + (u64)(page - _user), page, PTE_USER_CODE);
	return space;
}

u64 *space_pte(u64 *space, u64 va)
{
	for (unsigned shift = 30; shift > 12; shift -= 9) {
		u64 *pte = &space[va >> shift & 511];

		if (!(*pte & PTE_V))
			*pte = pte_of(page_new(), PTE_V);
		space = table_of(*pte);
	}
	return &space[va >> 12 & 511];
}

void space_map(u64 *space, u64 va, const void *page, u64 rights)
{
	*space_pte(space, va) = pte_of(page, rights);
}
