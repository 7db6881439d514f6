/* SPDX-License-Identifier: MIT */
/*
 * mstatus and its views, misa, and the floating-point state whose dirtiness they tell.
 */
#include "cpu/csr_impl.h"

#define SSTATUS_WRITABLE                                                                           \
	(MSTATUS_SIE | MSTATUS_SPIE | MSTATUS_SPP | MSTATUS_FS | MSTATUS_SUM | MSTATUS_MXR)
#define MSTATUS_WRITABLE                                                                           \
	(SSTATUS_WRITABLE | MSTATUS_MIE | MSTATUS_MPIE | MSTATUS_MPP | MSTATUS_MPRV |              \
	 MSTATUS_TVM | MSTATUS_TW | MSTATUS_TSR)
/* XLEN is 64 in every mode: UXL and SXL are fixed at 2. */
#define XLEN_64 2ull

u64 csr_mstatus(const struct hart *hart)
{
	u64 value = hart->mstatus;

	if (hart->fp_dirty)
		value |= MSTATUS_FS;
	if (field_get(value, MSTATUS_FS) == FS_DIRTY)
		value |= MSTATUS_SD;
	if (isa_has(hart->isa, EXT_s))
		value |= XLEN_64 << 32 | XLEN_64 << 34;
	return value;
}

/* What a regime or the code key is made of, besides the privilege. */
#define MSTATUS_REGIME (MSTATUS_MPRV | MSTATUS_MPP | MSTATUS_SUM | MSTATUS_MXR | MSTATUS_FS)

static void store_mstatus(struct hart *hart, u64 value)
{
	hart->mstatus = value & MSTATUS_WRITABLE;
	hart->fp_dirty = false;
}

void csr_set_mstatus(struct hart *hart, u64 value)
{
	store_mstatus(hart, value);
	hart_regime_changed(hart);
}

/* By a CSR instruction: the privilege stays, and often only the interrupt enable changes. */
static void set_status(struct hart *hart, u64 value)
{
	u64 old = csr_mstatus(hart);

	store_mstatus(hart, value);
	if ((old ^ value) & MSTATUS_REGIME)
		hart_regime_changed(hart);
}

void csr_legalise_status(struct hart *hart)
{
	hart->mstatus &= MSTATUS_WRITABLE;
}

u64 read_mstatus(struct hart *hart, u16 number)
{
	(void)number;
	return csr_mstatus(hart);
}

void write_mstatus(struct hart *hart, u16 number, u64 value)
{
	(void)number;
	/* MPP is WARL: 2 is no mode, the old one stays. */
	if (field_get(value, MSTATUS_MPP) == 2)
		value = field_set(value, MSTATUS_MPP, field_get(hart->mstatus, MSTATUS_MPP));
	set_status(hart, value);
}

u64 read_sstatus(struct hart *hart, u16 number)
{
	(void)number;
	return csr_mstatus(hart) & (SSTATUS_WRITABLE | MSTATUS_UXL | MSTATUS_SD);
}

void write_sstatus(struct hart *hart, u16 number, u64 value)
{
	u64 mstatus = csr_mstatus(hart);

	(void)number;
	set_status(hart, (mstatus & ~SSTATUS_WRITABLE) | (value & SSTATUS_WRITABLE));
}

u64 read_misa(struct hart *hart, u16 number)
{
	u64 value = 2ull << 62;

	(void)number;
	for (unsigned ext = 0; ext < EXT_COUNT; ext++)
		if (isa_has(hart->isa, ext) && !isa_ext_name(ext)[1])
			value |= BIT(isa_ext_name(ext)[0] - 'a');
	return value;
}

/* Floating point: any write makes the state dirty. */

void effect_fp(struct hart *hart)
{
	hart->fp_dirty = true;
}

u64 legal_fflags(const struct hart *hart, u16 number, u64 old, u64 value)
{
	(void)hart;
	(void)number;
	(void)old;
	return value & 31;
}

u64 legal_frm(const struct hart *hart, u16 number, u64 old, u64 value)
{
	(void)hart;
	(void)number;
	(void)old;
	return value & 7;
}

u64 read_fcsr(struct hart *hart, u16 number)
{
	(void)number;
	return (u64)hart->frm << 5 | hart->fflags;
}

void write_fcsr(struct hart *hart, u16 number, u64 value)
{
	(void)number;
	hart->fflags = value & 31;
	hart->frm = value >> 5 & 7;
	effect_fp(hart);
}

struct csr_refusal gate_fp(const struct hart *hart, struct csr_request request)
{
	(void)request;
	return csr_illegal(hart->code_key & CODE_KEY_FP ? REASON_none : REASON_csr_fp_off);
}
