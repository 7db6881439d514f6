/* SPDX-License-Identifier: MIT */
/* What a mode allows the ones below it: environment configuration. */
#include "cpu/csr_impl.h"

static const struct ext_bits common_bits[] = {
	{ EXT_s, MENVCFG_FIOM },
	{ EXT_zicfilp, MENVCFG_LPE },
	{ EXT_zicbom, MENVCFG_CBIE | MENVCFG_CBCFE },
	{ EXT_zicboz, MENVCFG_CBZE },
};

/* What all environment configurations have. */
static u64 common(const struct hart *hart)
{
	return EXT_MASK(hart, common_bits);
}

/* CBIE and PMM are WARL: reserved values leave the old one. */
static u64 legal_envcfg(u64 old, u64 value, u64 mask)
{
	if (field_get(value, MENVCFG_CBIE) == 2)
		value = field_set(value, MENVCFG_CBIE, field_get(old, MENVCFG_CBIE));
	if (field_get(value, MENVCFG_PMM) == PMM_RESERVED)
		value = field_set(value, MENVCFG_PMM, field_get(old, MENVCFG_PMM));
	return value & mask;
}

static const struct ext_bits menvcfg_bits[] = {
	{ EXT_zicfiss, MENVCFG_SSE },
	{ EXT_svadu, MENVCFG_ADUE },
	{ EXT_svpbmt, MENVCFG_PBMTE },
	{ EXT_sstc, MENVCFG_STCE },
	{ EXT_smnpm, MENVCFG_PMM },
	{ EXT_smcdeleg, MENVCFG_CDE },
	{ EXT_ssdbltrp, MENVCFG_DTE },
};

u64 legal_menvcfg(const struct hart *hart, u16 number, u64 old, u64 value)
{
	(void)number;
	return legal_envcfg(old, value, common(hart) | EXT_MASK(hart, menvcfg_bits));
}

u64 legal_senvcfg(const struct hart *hart, u16 number, u64 old, u64 value)
{
	u64 more = isa_has(hart->isa, EXT_ssnpm) ? MENVCFG_PMM : 0;

	(void)number;
	/* Shadow stacks are for U-mode what they are for the mode above. */
	more |= (hart->virt ? hart->henvcfg : hart->menvcfg) & MENVCFG_SSE;
	return legal_envcfg(old, value, common(hart) | more);
}

static const struct ext_bits henvcfg_bits[] = {
	{ EXT_zicfiss, MENVCFG_SSE },
	{ EXT_svadu, MENVCFG_ADUE },
	{ EXT_svpbmt, MENVCFG_PBMTE },
	{ EXT_sstc, MENVCFG_STCE },
	{ EXT_ssdbltrp, MENVCFG_DTE },
};

/* What menvcfg does not enable for S-mode cannot be enabled for VS-mode. */
u64 legal_henvcfg(const struct hart *hart, u16 number, u64 old, u64 value)
{
	u64 granted = EXT_MASK(hart, henvcfg_bits) & hart->menvcfg;

	(void)number;
	if (isa_has(hart->isa, EXT_ssnpm))
		granted |= MENVCFG_PMM;
	return legal_envcfg(old, value, common(hart) | granted);
}

static const struct ext_bits mseccfg_bits[] = {
	{ EXT_smepmp, MSECCFG_MML | MSECCFG_MMWP | MSECCFG_RLB },
	{ EXT_smmpm, MSECCFG_PMM },
	{ EXT_zicfilp, MSECCFG_MLPE },
	{ EXT_zkr, MSECCFG_USEED | MSECCFG_SSEED },
};

/* Access to the seed CSR from modes that are not there cannot be given. */
static u64 mseccfg_mask(const struct hart *hart)
{
	u64 seeds = (isa_has(hart->isa, EXT_u) ? MSECCFG_USEED : 0) |
		    (isa_has(hart->isa, EXT_s) ? MSECCFG_SSEED : 0);

	return EXT_MASK(hart, mseccfg_bits) & (seeds | ~(MSECCFG_USEED | MSECCFG_SSEED));
}

/* The register is there when one of its fields is. */
struct csr_refusal gate_mseccfg(const struct hart *hart, struct csr_request request)
{
	(void)request;
	return csr_illegal(EXT_MASK(hart, mseccfg_bits) ? REASON_none : REASON_csr_missing);
}

u64 read_mseccfg(struct hart *hart, u16 number)
{
	(void)number;
	return hart->mseccfg;
}

/* MML and MMWP stay set. RLB cannot be set while an entry is locked (Smepmp). */
void write_mseccfg(struct hart *hart, u16 number, u64 value)
{
	u64 old = hart->mseccfg;

	(void)number;
	if (field_get(value, MSECCFG_PMM) == PMM_RESERVED)
		value = field_set(value, MSECCFG_PMM, field_get(old, MSECCFG_PMM));
	value |= old & (MSECCFG_MML | MSECCFG_MMWP);
	if (!(old & MSECCFG_RLB) && pmp_any_locked(&hart->pmp))
		value &= ~MSECCFG_RLB;
	hart->mseccfg = value;
	csr_legalise_environment(hart);
	hart_pmp_changed(hart);
}

void csr_legalise_environment(struct hart *hart)
{
	hart->mseccfg &= mseccfg_mask(hart);
	hart->pmp.rules = hart->mseccfg & (MSECCFG_MML | MSECCFG_MMWP | MSECCFG_RLB);
}

/* Without DTE there is no SDT. */
void effect_envcfg(struct hart *hart)
{
	if (!(hart->menvcfg & MENVCFG_DTE))
		hart->mstatus &= ~MSTATUS_SDT;
	if (!(hart->henvcfg & MENVCFG_DTE))
		hart->s[BANK_VS].status &= ~MSTATUS_SDT;
	hart_regime_changed(hart);
	hart_timers_update(hart);
}

/* Bits of henvcfg that lose their grant are lost: they come back only by being written. */
void effect_menvcfg(struct hart *hart)
{
	hart->henvcfg = legal_henvcfg(hart, 0, hart->henvcfg, hart->henvcfg);
	hart->senvcfg = legal_senvcfg(hart, 0, hart->senvcfg, hart->senvcfg);
	effect_envcfg(hart);
}
