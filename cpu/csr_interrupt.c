/* SPDX-License-Identifier: MIT */
/* Interrupt pending and enable registers, delegation, and trap vectors. */
#include "cpu/csr_impl.h"

/* All exceptions but ECALL from M-mode, which S-mode can never get. */
#define MEDELEG_MASK 0xb3ffull

u64 legal_medeleg(const struct hart *hart, u16 number, u64 old, u64 value)
{
	(void)hart;
	(void)number;
	(void)old;
	return value & MEDELEG_MASK;
}

/* Modes 2 and 3 are reserved: such a write is ignored. */
u64 legal_tvec(const struct hart *hart, u16 number, u64 old, u64 value)
{
	(void)hart;
	(void)number;
	return value & 2 ? old : value;
}

u64 read_mip(struct hart *hart, u16 number)
{
	(void)number;
	return hart_mip(hart);
}

/* MSIP, MTIP and MEIP belong to the pins; STIP to stimecmp once that is on. */
void write_mip(struct hart *hart, u16 number, u64 value)
{
	u64 mask = S_INTERRUPTS;

	(void)number;
	if (hart->menvcfg & MENVCFG_STCE)
		mask &= ~BIT(IRQ_STI);
	hart->mip = (hart->mip & ~mask) | (value & mask);
}

u64 read_sie(struct hart *hart, u16 number)
{
	(void)number;
	return hart->mie & hart->mideleg;
}

void write_sie(struct hart *hart, u16 number, u64 value)
{
	(void)number;
	hart->mie = (hart->mie & ~hart->mideleg) | (value & hart->mideleg);
}

u64 read_sip(struct hart *hart, u16 number)
{
	(void)number;
	return hart_mip(hart) & hart->mideleg;
}

void write_sip(struct hart *hart, u16 number, u64 value)
{
	u64 mask = hart->mideleg & BIT(IRQ_SSI);

	(void)number;
	hart->mip = (hart->mip & ~mask) | (value & mask);
}

void csr_legalise_interrupts(struct hart *hart)
{
	hart->mip &= S_INTERRUPTS;
	hart->lines &= M_INTERRUPTS | BIT(IRQ_SEI) | BIT(IRQ_STI);
}
