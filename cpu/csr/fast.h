/* SPDX-License-Identifier: MIT */
/*
 * The accesses to CSRs that kernels make most, short enough to be parts of bodies: sscratch, sepc,
 * scause and stval, reading sstatus, and setting and clearing sstatus.SIE, by S-mode with V=0 or
 * V=1. They do the same as csr_access, which handles all other accesses. Traps use the functions
 * for mstatus.
 */
#ifndef CPU_CSR_FAST_H
#define CPU_CSR_FAST_H

#include "cpu/csr/csr.h"
#include "cpu/hart/hart.h"
#include "cpu/hart/exception.h"

#define SSTATUS_WRITABLE                                                                           \
	(MSTATUS_SIE | MSTATUS_SPIE | MSTATUS_SPP | MSTATUS_VS | MSTATUS_FS | MSTATUS_SUM |        \
	 MSTATUS_MXR | MSTATUS_SPELP)
#define SSTATUS_READABLE (SSTATUS_WRITABLE | MSTATUS_SDT | MSTATUS_UXL | MSTATUS_SD)
/* XLEN is 64 in every mode: UXL, SXL and VSXL are fixed at 2. */
#define UXL_64 (2ull << 32)

/* These fields are never stored: they are derived or fixed. */
#define STATUS_DERIVED (MSTATUS_SD | MSTATUS_UXL | MSTATUS_SXL)

/* Returns the value that an instruction writes. */
static ALWAYS_INLINE u64 csr_operate(enum csr_how how, u64 old, u64 operand)
{
	switch (how) {
	case CSR_SET:
		return old | operand;
	case CSR_CLEAR:
		return old & ~operand;
	default:
		return operand;
	}
}

/*
 * Returns the place of sscratch, sepc, scause or stval of the current mode; NULL if the number
 * denotes another register, or the mode is not S.
 */
static ALWAYS_INLINE u64 *csr_held(struct hart *hart, u32 number)
{
	bool held = (number & ~3u) == CSR_SSCRATCH && hart->priv == PRIV_S;

	return held ? &hart->s[hart->virt].held[number & 3] : NULL;
}

/* The bits of these four registers that can be set, without Zca and with it. */
extern const u64 csr_held_bits[2][4];

/* Returns the value of such a register after a write. */
static ALWAYS_INLINE u64 csr_held_value(const struct hart *hart, u32 number, enum csr_how how,
					u64 old, u64 operand)
{
	return csr_operate(how, old, operand) &
	       csr_held_bits[isa_has(hart->isa, EXT_zca)][number & 3];
}

/* Returns the status of the current supervisor: mstatus, or vsstatus if V=1. */
static ALWAYS_INLINE u64 *csr_status(struct hart *hart)
{
	return hart->virt ? &hart->s[BANK_VS].status : &hart->mstatus;
}

/*
 * Returns `status` with SD, and with FS as left by the instructions that ran since it was written.
 * (Vector instructions set VS in the status itself.)
 */
static ALWAYS_INLINE u64 csr_with_fs(u64 status, bool dirty)
{
	if (dirty)
		status |= MSTATUS_FS;
	/* Each of the fields FS and VS is Dirty if both of its bits are set. */
	return status & status << 1 & (BIT(14) | BIT(10)) ? status | MSTATUS_SD : status;
}

/* Returns mstatus as M-mode reads it. */
static ALWAYS_INLINE u64 csr_mstatus_now(const struct hart *hart)
{
	return csr_with_fs(hart->mstatus, hart->fp_dirty) | hart->status_fixed;
}

/*
 * Makes floating-point state that instructions changed visible in mstatus.FS and, with V=1, in
 * vsstatus.FS. Must be called before V changes, because the state of the old mode is dirty.
 */
static ALWAYS_INLINE void csr_synchronize_fp(struct hart *hart)
{
	if (!hart->fp_dirty)
		return;
	hart->mstatus |= MSTATUS_FS;
	if (hart->virt)
		hart->s[BANK_VS].status |= MSTATUS_FS;
	hart->fp_dirty = false;
}

/*
 * Sets VS of mstatus to Dirty, and if V=1 that of vsstatus too. Called when vector state was
 * changed.
 */
static ALWAYS_INLINE void csr_vector_dirty(struct hart *hart)
{
	if (likely(hart->block_key & BLOCK_KEY_V_DIRTY))
		return;
	hart->block_key |= BLOCK_KEY_V_DIRTY;
	hart->mstatus |= MSTATUS_VS;
	if (hart->virt)
		hart->s[BANK_VS].status |= MSTATUS_VS;
}

/* Has the same effect as csr_set_mstatus. */
static ALWAYS_INLINE void csr_set_mstatus_now(struct hart *hart, u64 value)
{
	csr_synchronize_fp(hart);
	hart->mstatus = value & ~STATUS_DERIVED;
}

/* Returns sstatus as S-mode reads it, or if V=1 vsstatus, in which no other bits can be set. */
static ALWAYS_INLINE u64 csr_sstatus(struct hart *hart)
{
	u64 status = csr_with_fs(*csr_status(hart), hart->fp_dirty);

	return (status | hart->status_fixed) & SSTATUS_READABLE;
}

/*
 * Returns whether an instruction sets or clears sstatus.SIE and no other bit, or reads sstatus, and
 * no interrupt can follow.
 */
static ALWAYS_INLINE bool csr_is_sie(struct hart *hart, u32 number, enum csr_how how, u64 operand)
{
	if (how == CSR_WRITE || number != CSR_SSTATUS || (operand & ~MSTATUS_SIE) ||
	    hart->priv != PRIV_S)
		return false;
	return how == CSR_CLEAR || !(hart->alert || (*csr_status(hart) & MSTATUS_SDT));
}

static ALWAYS_INLINE void csr_set_sie(struct hart *hart, enum csr_how how, u64 operand)
{
	u64 *status = csr_status(hart);

	*status = csr_operate(how, *status, operand);
}

#endif
