/* SPDX-License-Identifier: MIT */
/* PMP as a model follows it: it is updated from records of CSR writes. */
#ifndef CPU_TIMING_PMP_CSR_H
#define CPU_TIMING_PMP_CSR_H

#include "cpu/mmu/pmp.h"

enum { PMP_CSR_CFG0 = 0x3a0, PMP_CSR_ADDR0 = 0x3b0, PMP_CSR_MSECCFG = 0x747 };

static inline bool pmp_csr_is_one(u32 number)
{
	return number == PMP_CSR_MSECCFG || number - PMP_CSR_CFG0 < 4 ||
	       number - PMP_CSR_ADDR0 < PMP_REGIONS;
}

/* Takes the new value of a CSR as a read returns it, that is, without locked and illegal bits. */
static inline void pmp_csr_take(struct pmp *pmp, u32 number, u64 value)
{
	if (number == PMP_CSR_MSECCFG)
		pmp->rules = (u8)((pmp->rules & ~PMP_SMEPMP) | (value & PMP_SMEPMP));
	else if (number < PMP_CSR_ADDR0)
		pmp_write_cfg(pmp, (number & 2) * 4, value);
	else
		pmp_write_addr(pmp, number - PMP_CSR_ADDR0, value);
}

#endif
