/* SPDX-License-Identifier: MIT */
/* mstatus and its views, misa, and the state of the floating-point unit that they show. */
#include "cpu/csr/csr_impl.h"
#include "cpu/csr/fast.h"
#include "cpu/mmu/view_mode.h"

#define SXL_64 (2ull << 34)
static const struct ext_bits mstatus_bits[] = {
	{ EXT_i, MSTATUS_MIE | MSTATUS_MPIE | MSTATUS_MPP },
	{ EXT_u, MSTATUS_MPRV | MSTATUS_TW },
	{ EXT_f, MSTATUS_FS },
	{ EXT_zve32x, MSTATUS_VS },
	{ EXT_s, MSTATUS_SIE | MSTATUS_SPIE | MSTATUS_SPP | MSTATUS_MXR },
	{ EXT_s, MSTATUS_TVM | MSTATUS_TSR },
	{ EXT_zicfilp, MSTATUS_SPELP | MSTATUS_MPELP },
	{ EXT_sv39, MSTATUS_SUM },
	{ EXT_h, MSTATUS_MPV | MSTATUS_GVA },
	{ EXT_smdbltrp, MSTATUS_MDT },
};

static const struct ext_bits fixed_bits[] = {
	{ EXT_u, UXL_64 },
	{ EXT_s, SXL_64 },
};

/* Returns the bits that can be set in sstatus (with menvcfg) or vsstatus (with henvcfg). */
static u64 sstatus_writable(const struct hart *hart, u64 envcfg)
{
	u64 double_trap = envcfg & MENVCFG_DTE ? MSTATUS_SDT : 0;

	return (SSTATUS_WRITABLE & hart->status_bits) | double_trap;
}

/* Returns a status in which a mode that expects no traps (SDT, MDT) has its interrupts disabled. */
static u64 expect_none(u64 status)
{
	if (status & MSTATUS_SDT)
		status &= ~MSTATUS_SIE;
	return status & MSTATUS_MDT ? status & ~MSTATUS_MIE : status;
}

static u64 mstatus_writable(const struct hart *hart)
{
	return hart->status_bits | sstatus_writable(hart, hart->menvcfg);
}

bool csr_has_mode(const struct hart *hart, u64 priv)
{
	switch (priv) {
	case PRIV_U:
		return isa_has(hart->isa, EXT_u);
	case PRIV_S:
		return isa_has(hart->isa, EXT_s);
	default:
		return priv == PRIV_M;
	}
}

u64 csr_least_mode(const struct hart *hart)
{
	return csr_has_mode(hart, PRIV_U) ? PRIV_U : PRIV_M;
}

u64 csr_mstatus(const struct hart *hart)
{
	return csr_mstatus_now(hart);
}

u64 csr_vsstatus(const struct hart *hart)
{
	return csr_with_fs(hart->s[BANK_VS].status, hart->fp_dirty && hart->virt) | UXL_64;
}

void csr_set_mstatus(struct hart *hart, u64 value)
{
	csr_set_mstatus_now(hart, value);
}

static void set_vsstatus(struct hart *hart, u64 value)
{
	csr_synchronize_fp(hart);
	hart->s[BANK_VS].status = value & ~STATUS_DERIVED;
}

void csr_legalise_status(struct hart *hart)
{
	hart->status_bits = EXT_MASK(hart, mstatus_bits);
	hart->status_fixed = EXT_MASK(hart, fixed_bits);
	hart->mstatus &= mstatus_writable(hart);
	if (!csr_has_mode(hart, field_get(hart->mstatus, MSTATUS_MPP)))
		hart->mstatus = field_set(hart->mstatus, MSTATUS_MPP, csr_least_mode(hart));
	hart->s[BANK_VS].status &= sstatus_writable(hart, hart->henvcfg);
}

/* The fields on which a regime depends, besides the mode, and those of block_key. */
#define STATUS_REGIME (MSTATUS_MPRV | MSTATUS_MPV | MSTATUS_MPP | MSTATUS_SUM | MSTATUS_MXR)
#define STATUS_KEY (MSTATUS_FS | MSTATUS_VS)

/*
 * Derives what depends on a status register after a CSR instruction wrote it. The mode is still the
 * same, and usually one of three things has changed: the interrupt enable, SUM for the kernel's
 * access to a program's memory, or whether the FP unit is on.
 */
static ALWAYS_INLINE void status_written(struct hart *hart, u64 changed)
{
	if (changed & STATUS_REGIME)
		view_mode_changed(hart);
	if (changed & STATUS_KEY)
		hart->block_key = view_key_now(hart);
}

u64 read_mstatus(struct hart *hart, u16 number)
{
	(void)number;
	return csr_mstatus(hart);
}

void write_mstatus(struct hart *hart, u16 number, u64 value)
{
	u64 old = csr_mstatus(hart);

	(void)number;
	/* MPP is WARL: the old value stays if the new one is no mode of the hart. */
	if (!csr_has_mode(hart, field_get(value, MSTATUS_MPP)))
		value = field_set(value, MSTATUS_MPP, field_get(old, MSTATUS_MPP));
	value = expect_none(value & mstatus_writable(hart));
	csr_set_mstatus(hart, value);
	status_written(hart, old ^ value);
}

u64 read_sstatus(struct hart *hart, u16 number)
{
	(void)number;
	return csr_mstatus(hart) & SSTATUS_READABLE;
}

static ALWAYS_INLINE void put_sstatus(struct hart *hart, u64 value)
{
	u64 old = csr_mstatus_now(hart);

	value = (old & ~(SSTATUS_WRITABLE | MSTATUS_SDT)) |
		(value & sstatus_writable(hart, hart->menvcfg));
	value = expect_none(value);
	csr_set_mstatus_now(hart, value);
	status_written(hart, old ^ value);
}

void write_sstatus(struct hart *hart, u16 number, u64 value)
{
	(void)number;
	put_sstatus(hart, value);
}

u64 read_vsstatus(struct hart *hart, u16 number)
{
	(void)number;
	return csr_vsstatus(hart);
}

void write_vsstatus(struct hart *hart, u16 number, u64 value)
{
	u64 old = csr_vsstatus(hart);

	(void)number;
	value = expect_none(value & sstatus_writable(hart, hart->henvcfg));
	set_vsstatus(hart, value);
	status_written(hart, old ^ value);
}

static ALWAYS_INLINE void put_status(struct hart *hart, u64 value)
{
	if (unlikely(hart->virt))
		write_vsstatus(hart, CSR_VSSTATUS, value);
	else
		put_sstatus(hart, value);
}

void csr_write_status(struct hart *hart, u64 value)
{
	put_status(hart, value);
}

bool csr_sstatus_direct(struct hart *hart, enum csr_how how, u64 operand)
{
	/* If only SIE changes, hart->fp_dirty need not be written to FS. */
	if (csr_is_sie(hart, CSR_SSTATUS, how, operand)) {
		csr_set_sie(hart, how, operand);
		return true;
	}
	if (hart->alert)
		return false;
	/* The code that runs stays valid, because fetches do not depend on SUM and MXR. */
	put_status(hart, csr_operate(how, csr_sstatus(hart), operand));
	return true;
}

/* VGEIN is WLRL: a guest external interrupt that the hart has, or 0. VSBE and VSXL are fixed. */
u64 legal_hstatus(const struct hart *hart, u16 number, u64 old, u64 value)
{
	const u64 writable = HSTATUS_GVA | HSTATUS_SPV | HSTATUS_SPVP | HSTATUS_HU | HSTATUS_VGEIN |
			     HSTATUS_VTVM | HSTATUS_VTW | HSTATUS_VTSR | HSTATUS_HUPMM;

	(void)number;
	if (field_get(value, HSTATUS_VGEIN) > hart->imsic.guests)
		value = field_set(value, HSTATUS_VGEIN, field_get(old, HSTATUS_VGEIN));
	if (!isa_has(hart->isa, EXT_ssnpm))
		value &= ~HSTATUS_HUPMM;
	value = keep_reserved(old, value, HSTATUS_HUPMM, PMM_RESERVED);
	return (value & writable) | UXL_64;
}

/* Software can set NMIE; only a non-maskable interrupt clears it. MNPP is WARL. */
u64 legal_mnstatus(const struct hart *hart, u16 number, u64 old, u64 value)
{
	(void)number;
	if (!csr_has_mode(hart, field_get(value, MNSTATUS_MNPP)))
		value = field_set(value, MNSTATUS_MNPP, field_get(old, MNSTATUS_MNPP));
	if (!isa_has(hart->isa, EXT_h))
		value &= ~MNSTATUS_MNPV;
	if (!isa_has(hart->isa, EXT_zicfilp))
		value &= ~MNSTATUS_MNPELP;
	value |= old & MNSTATUS_NMIE;
	return value & (MNSTATUS_NMIE | MNSTATUS_MNPV | MNSTATUS_MNPELP | MNSTATUS_MNPP);
}

u64 read_misa(struct hart *hart, u16 number)
{
	u64 value = 2ull << 62;

	(void)number;
	for (unsigned ext = 0; ext < EXT_COUNT; ext++)
		if (isa_has(hart->isa, ext) && !ext_name(ext)[1])
			value |= BIT(ext_name(ext)[0] - 'a');
	return value;
}

/*
 * Any write of a floating-point CSR makes the state dirty. It ends the block if decoded code
 * depends on the rounding mode that was written.
 */
void effect_fp(struct hart *hart)
{
	u32 key = hart_block_key(hart);

	hart->fp_dirty = true;
	if (key != hart->block_key) {
		hart->block_key = key;
		hart->stop = true;
	}
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

struct denied_by csr_fp_denied_by(const struct hart *hart)
{
	return denied_by_clear(csr_mstatus(hart) & MSTATUS_FS ? CSR_VSSTATUS : CSR_MSTATUS,
			       MSTATUS_FS);
}

struct csr_refusal gate_fp(const struct hart *hart, struct csr_request request)
{
	(void)request;
	return csr_denied_by(csr_illegal(hart->block_key & BLOCK_KEY_FP ? REASON_none :
									  REASON_csr_fp_off),
			     csr_fp_denied_by(hart));
}

/*
 * Returns the field SSE that denies an access below M-mode: that of the highest level at which it
 * is clear, because it is then zero at the lower levels, too.
 */
static struct denied_by sse_denied_by(const struct hart *hart)
{
	if (!(hart->menvcfg & MENVCFG_SSE))
		return denied_by_clear(CSR_MENVCFG, MENVCFG_SSE);
	if (hart->virt && !(hart->henvcfg & MENVCFG_SSE))
		return denied_by_clear(CSR_HENVCFG, MENVCFG_SSE);
	return denied_by_clear(CSR_SENVCFG, MENVCFG_SSE);
}

/* ssp is accessible to M-mode, and to other modes where shadow stacks are enabled. */
struct csr_refusal gate_ssp(const struct hart *hart, struct csr_request request)
{
	(void)request;
	if (hart->priv == PRIV_M || hart->sse)
		return csr_illegal(REASON_none);
	return csr_denied_by(hart->menvcfg & MENVCFG_SSE ? csr_virtual(hart, REASON_sse) :
							   csr_illegal(REASON_sse),
			     sse_denied_by(hart));
}
