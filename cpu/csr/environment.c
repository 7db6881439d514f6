/* SPDX-License-Identifier: MIT */
/* The environment configuration registers: what a mode allows the modes below it. */
#include "cpu/csr/csr_impl.h"
#include "cpu/mmu/pmp.h"

static const struct ext_bits common_bits[] = {
	{ EXT_s, MENVCFG_FIOM },
	{ EXT_zicfilp, MENVCFG_LPE },
	{ EXT_zicbom, MENVCFG_CBIE | MENVCFG_CBCFE },
	{ EXT_zicboz, MENVCFG_CBZE },
};

/* Returns the fields that all envcfg registers have. */
static u64 envcfg_common(const struct hart *hart)
{
	return EXT_MASK(hart, common_bits);
}

#define CBIE_RESERVED 2

/*
 * Returns what a register holds after a write. CBIE and PMM are WARL: a write of a reserved value
 * does not change them.
 */
static u64 legal_envcfg(u64 old, u64 value, u64 mask)
{
	value = keep_reserved(old, value, MENVCFG_CBIE, CBIE_RESERVED);
	return keep_reserved(old, value, MENVCFG_PMM, PMM_RESERVED) & mask;
}

/* menvcfg enables these for S-mode, and only then can henvcfg enable them for VS-mode. */
static const struct ext_bits granted_bits[] = {
	{ EXT_zicfiss, MENVCFG_SSE },
	{ EXT_svadu, MENVCFG_ADUE },
	{ EXT_svpbmt, MENVCFG_PBMTE },
	{ EXT_sstc, MENVCFG_STCE },
	{ EXT_ssdbltrp, MENVCFG_DTE },
};

static const struct ext_bits menvcfg_bits[] = {
	{ EXT_smnpm, MENVCFG_PMM },
	{ EXT_smcdeleg, MENVCFG_CDE },
};

u64 legal_menvcfg(const struct hart *hart, u16 number, u64 old, u64 value)
{
	u64 own = EXT_MASK(hart, granted_bits) | EXT_MASK(hart, menvcfg_bits);

	(void)number;
	return legal_envcfg(old, value, envcfg_common(hart) | own);
}

/* Returns the field by which senvcfg and henvcfg control pointer masking, which needs Ssnpm. */
static u64 next_masking(const struct hart *hart)
{
	return isa_has(hart->isa, EXT_ssnpm) ? MENVCFG_PMM : 0;
}

static u64 legal_senvcfg(const struct hart *hart, u64 value)
{
	u64 granted = hart->menvcfg & MENVCFG_SSE;

	return legal_envcfg(hart->senvcfg, value,
			    envcfg_common(hart) | granted | next_masking(hart));
}

/*
 * Returns the bits of senvcfg that are hidden. Host and guest share senvcfg; bits that henvcfg does
 * not grant are zero for a guest.
 */
static u64 hidden_senvcfg(const struct hart *hart)
{
	return hart->virt ? MENVCFG_SSE & ~hart->henvcfg : 0;
}

u64 read_senvcfg(struct hart *hart, u16 number)
{
	(void)number;
	return hart->senvcfg & ~hidden_senvcfg(hart);
}

void write_senvcfg(struct hart *hart, u16 number, u64 value)
{
	(void)number;
	set_bits(&hart->senvcfg, ~hidden_senvcfg(hart), legal_senvcfg(hart, value));
	hart_regime_changed(hart);
}

u64 legal_henvcfg(const struct hart *hart, u16 number, u64 old, u64 value)
{
	u64 granted = EXT_MASK(hart, granted_bits) & hart->menvcfg;

	(void)number;
	return legal_envcfg(old, value, envcfg_common(hart) | granted | next_masking(hart));
}

static const struct ext_bits mseccfg_bits[] = {
	{ EXT_smepmp, MSECCFG_MML | MSECCFG_MMWP | MSECCFG_RLB },
	{ EXT_smmpm, MSECCFG_PMM },
	{ EXT_zicfilp, MSECCFG_MLPE },
	{ EXT_zkr, MSECCFG_USEED | MSECCFG_SSEED },
};

/* Access to the seed CSR cannot be given to modes that the hart does not have. */
static u64 mseccfg_mask(const struct hart *hart)
{
	u64 seeds = (isa_has(hart->isa, EXT_u) ? MSECCFG_USEED : 0) |
		    (isa_has(hart->isa, EXT_s) ? MSECCFG_SSEED : 0);

	return EXT_MASK(hart, mseccfg_bits) & (seeds | ~(MSECCFG_USEED | MSECCFG_SSEED));
}

/* mseccfg exists if the hart has one of its fields. */
struct csr_refusal gate_mseccfg(const struct hart *hart, struct csr_request request)
{
	(void)request;
	return csr_illegal(EXT_MASK(hart, mseccfg_bits) ? REASON_none : REASON_csr_missing);
}

/*
 * mtval2 exists with H, for guest physical addresses, and with Ssdbltrp, for the cause of a trap
 * that became a double trap because it was not expected.
 */
struct csr_refusal gate_mtval2(const struct hart *hart, struct csr_request request)
{
	bool there = isa_has(hart->isa, EXT_h) || isa_has(hart->isa, EXT_ssdbltrp);

	(void)request;
	return csr_illegal(there ? REASON_none : REASON_csr_missing);
}

u64 read_mseccfg(struct hart *hart, u16 number)
{
	(void)number;
	return hart->mseccfg;
}

/* Once set, MML and MMWP stay set. RLB cannot be set while an entry is locked (Smepmp). */
void write_mseccfg(struct hart *hart, u16 number, u64 value)
{
	u64 old = hart->mseccfg;

	(void)number;
	value = keep_reserved(old, value, MSECCFG_PMM, PMM_RESERVED);
	value |= old & (MSECCFG_MML | MSECCFG_MMWP);
	if (!(old & MSECCFG_RLB) && pmp_any_locked(&hart->pmp))
		value &= ~MSECCFG_RLB;
	hart->mseccfg = value;
	csr_legalise_environment(hart);
	hart_pmp_changed(hart);
}

void csr_legalise_environment(struct hart *hart)
{
	hart->senvcfg = legal_senvcfg(hart, hart->senvcfg);
	hart->mseccfg &= mseccfg_mask(hart);
	hart->pmp.rules = hart->mseccfg & PMP_SMEPMP;
	if (!isa_has(hart->isa, EXT_pmp))
		hart->pmp.rules |= PMP_ABSENT;
}

/* Without DTE, SDT reads as zero. */
void effect_envcfg(struct hart *hart)
{
	if (!(hart->menvcfg & MENVCFG_DTE))
		hart->mstatus &= ~MSTATUS_SDT;
	if (!(hart->henvcfg & MENVCFG_DTE))
		hart->s[BANK_VS].status &= ~MSTATUS_SDT;
	hart_regime_changed(hart);
	hart_timers_update(hart);
}

/*
 * Clears the bits of henvcfg that are no longer granted. They are set again only if they are
 * written.
 */
void effect_menvcfg(struct hart *hart)
{
	hart->henvcfg = legal_henvcfg(hart, 0, hart->henvcfg, hart->henvcfg);
	hart->senvcfg = legal_senvcfg(hart, hart->senvcfg);
	effect_envcfg(hart);
}
