/* SPDX-License-Identifier: MIT */
/* The state of a hart's physical memory protection (see mmu/pmp.h). */
#ifndef CPU_HART_PMP_STATE_H
#define CPU_HART_PMP_STATE_H

#include "bus/base.h"

#define PMP_REGIONS 16
/* pmpaddr holds bits 55:2 of an address. */
#define PMP_ADDR_MASK (BIT(54) - 1)

enum { PMP_R = 1, PMP_W = 2, PMP_X = 4, PMP_A = 3 << 3, PMP_L = 1 << 7 };
enum { PMP_OFF, PMP_TOR, PMP_NA4, PMP_NAPOT };

/*
 * The bits of mseccfg (Smepmp): M-mode has rules of its own; M-mode may access no address without a
 * rule; locked rules can be changed.
 */
enum { PMP_MML = 1, PMP_MMWP = 2, PMP_RLB = 4, PMP_SMEPMP = PMP_MML | PMP_MMWP | PMP_RLB };
/*
 * Not a bit of mseccfg: the hart has neither PMP nor its registers, and every mode may access all
 * memory.
 */
enum { PMP_ABSENT = 8 };

struct pmp {
	u8 cfg[PMP_REGIONS];
	u64 addr[PMP_REGIONS];
	/* Derived: region n matches [start[n], last[n]]; an empty one has start > last. */
	u64 start[PMP_REGIONS], last[PMP_REGIONS];
	u32 active; /* bit n: region n matches something */
	u8 rules; /* PMP_SMEPMP's bits, as in mseccfg, or PMP_ABSENT */
};

#endif
