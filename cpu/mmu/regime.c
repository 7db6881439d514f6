/* SPDX-License-Identifier: MIT */
/*
 * Derives regimes from CSRs. A field without effect in a regime (SUM in user mode, everything when
 * translation is bare) is left zero, so that equal translations compare equal.
 */
#include "cpu/mmu/regime.h"

#include "cpu/hart/hart.h"
#include "cpu/hart/exception.h"
#include "cpu/isa/csr_bits.h"

#include <string.h>

bool regime_satp_mode(u64 mode, u8 *levels)
{
	switch (mode) {
	case SATP_BARE:
		*levels = 0;
		return true;
	case SATP_SV39:
	case SATP_SV48:
	case SATP_SV57:
		*levels = (u8)(mode - SATP_SV39 + 3);
		return true;
	default:
		return false;
	}
}

unsigned regime_levels(u64 atp)
{
	u8 levels = 0;

	regime_satp_mode(field_get(atp, SATP_MODE), &levels);
	return levels;
}

/*
 * Returns whether hardware sets A and D. With Svadu, ADUE decides. A hart with neither Svadu nor
 * Svade always sets them, as harts did before these extensions were defined.
 */
static bool updates_ad(const struct hart *hart, u64 envcfg)
{
	return (envcfg & MENVCFG_ADUE) ||
	       !(isa_has(hart->isa, EXT_svade) || isa_has(hart->isa, EXT_svadu));
}

/* Sets the first stage: S-mode's own translation, or the guest's. */
static void first_stage(const struct hart *hart, struct regime *regime)
{
	u64 atp = hart->s[regime->virt ? BANK_VS : BANK_HS].atp;
	u64 envcfg = regime->virt ? hart->henvcfg : hart->menvcfg;

	regime_satp_mode(field_get(atp, SATP_MODE), &regime->s1.levels);
	if (!regime->s1.levels)
		return;
	regime->s1.root = (atp & SATP_PPN) << PAGE_SHIFT;
	regime->s1.adue = updates_ad(hart, envcfg);
	regime->s1.pbmt = envcfg & MENVCFG_PBMTE;
	regime->s1.shadow = envcfg & MENVCFG_SSE;
	regime->asid = (u16)field_get(atp, SATP_ASID);
}

/* Sets the G stage, which translates guest physical addresses. */
static void g_stage(const struct hart *hart, struct regime *regime)
{
	regime->vmid = (u16)field_get(hart->hgatp, HGATP_VMID);
	regime_satp_mode(field_get(hart->hgatp, SATP_MODE), &regime->s2.levels);
	if (!regime->s2.levels)
		return;
	regime->s2.root = (hart->hgatp & SATP_PPN) << PAGE_SHIFT;
	regime->s2.widen = 2;
	regime->s2.user = true;
	regime->s2.adue = updates_ad(hart, hart->menvcfg);
	regime->s2.pbmt = hart->menvcfg & MENVCFG_PBMTE;
}

static void regime_fill(const struct hart *hart, struct regime *regime, u8 priv, bool virt)
{
	memset(regime, 0, sizeof(*regime));
	regime->priv = priv;
	if (priv == PRIV_M)
		return;
	regime->virt = virt;
	first_stage(hart, regime);
	if (virt)
		g_stage(hart, regime);
}

/*
 * Sets the fields on which the rights of loads and stores depend. An access as the guest uses SUM
 * of vsstatus, others use that of mstatus. MXR of mstatus makes executable pages readable in both
 * stages, MXR of vsstatus only in the guest's own stage.
 */
static void regime_permissions(const struct hart *hart, struct regime *regime)
{
	const struct stage *s1 = &regime->s1, *s2 = &regime->s2;
	u64 guest = hart->s[BANK_VS].status;
	u64 own = regime->virt ? guest : hart->mstatus;

	regime->sum = s1->levels && regime->priv == PRIV_S && (own & MSTATUS_SUM);
	regime->mxr = (s1->levels || s2->levels) && (hart->mstatus & MSTATUS_MXR);
	regime->vs_mxr = s1->levels && regime->virt && (guest & MSTATUS_MXR);
}

/*
 * Returns the number of masked bits for the value of a PMM field. All PMM fields have this
 * encoding.
 */
static u8 regime_pmlen(u64 pmm)
{
	static const u8 length[4] = { 0, 0, 7, 16 };

	return length[pmm];
}

/* Returns the register that configures U-mode: senvcfg, or menvcfg of a hart without S-mode. */
static u64 users_envcfg(const struct hart *hart)
{
	return isa_has(hart->isa, EXT_s) ? hart->senvcfg : hart->menvcfg;
}

/*
 * Sets pointer masking, which does not apply while MXR is set. `user` is the value of the PMM field
 * for U-mode.
 */
static void regime_masking(const struct hart *hart, struct regime *regime, u64 user)
{
	u64 kernel = regime->virt ? hart->henvcfg : hart->menvcfg;
	u64 mxr = hart->mstatus | (regime->virt ? hart->s[BANK_VS].status : 0);

	regime->pm_physical = !regime->s1.levels;
	if (regime->priv == PRIV_M)
		regime->pmlen = regime_pmlen(field_get(hart->mseccfg, MSECCFG_PMM));
	else if (!(mxr & MSTATUS_MXR))
		regime->pmlen = regime_pmlen(
			regime->priv == PRIV_S ? field_get(kernel, MENVCFG_PMM) : user);
	if (!regime->pmlen)
		regime->pm_physical = false;
}

void regime_of(const struct hart *hart, u8 priv, bool virt, struct regime *regime)
{
	regime_fill(hart, regime, priv, virt);
	regime_permissions(hart, regime);
}

void regime_now(const struct hart *hart, struct regime *fetch, struct regime *data)
{
	u8 mpp = (u8)field_get(hart->mstatus, MSTATUS_MPP);

	regime_fill(hart, fetch, hart->priv, hart->virt);
	*data = *fetch;
	if (hart->priv == PRIV_M && (hart->mstatus & MSTATUS_MPRV) && trap_nmi_enabled(hart))
		regime_fill(hart, data, mpp, mpp != PRIV_M && (hart->mstatus & MSTATUS_MPV));
	regime_permissions(hart, data);
	regime_masking(hart, data, field_get(users_envcfg(hart), MENVCFG_PMM));
}

void regime_guest_code(const struct hart *hart, struct regime *regime)
{
	regime_of(hart, hart->hstatus & HSTATUS_SPVP ? PRIV_S : PRIV_U, true, regime);
}

void regime_guest(const struct hart *hart, struct regime *regime)
{
	u64 user = hart->priv == PRIV_U ? field_get(hart->hstatus, HSTATUS_HUPMM) :
					  field_get(hart->senvcfg, MENVCFG_PMM);

	regime_guest_code(hart, regime);
	regime_masking(hart, regime, user);
}
