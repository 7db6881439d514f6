/* SPDX-License-Identifier: MIT */
/* Bits of page-table entries (manual, "Sv39: Page-Based 39-bit Virtual-Memory System"). */
#ifndef CPU_MMU_PTE_H
#define CPU_MMU_PTE_H

#include "bus/base.h"

#define PTE_SIZE 8 /* bytes */
#define PTE_LEVEL_BITS 9 /* bits of an address that each level translates */

enum {
	PTE_V = 1 << 0, PTE_R = 1 << 1, PTE_W = 1 << 2, PTE_X = 1 << 3, PTE_U = 1 << 4,
	PTE_G = 1 << 5, PTE_A = 1 << 6, PTE_D = 1 << 7,
};
#define PTE_PPN (0xfffffffffffull << 10)
#define PTE_RESERVED (0x7full << 54)
#define PTE_PBMT (3ull << 61)
#define PTE_N BIT(63)

#endif
