/* SPDX-License-Identifier: MIT */
/*
 * From CSRs to regimes. What does not matter in a regime (SUM in user mode, everything when
 * translation is bare) is left zero, so that equal translations compare equal.
 */
#include "cpu/regime.h"

#include "cpu/csr.h"
#include "cpu/hart.h"

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

static void fill(const struct hart *hart, struct regime *regime, u8 priv)
{
	u64 satp = hart->s[BANK_HS].atp;

	memset(regime, 0, sizeof(*regime));
	regime->priv = priv;
	if (priv == PRIV_M)
		return;
	regime_satp_mode(field_get(satp, SATP_MODE), &regime->s1.levels);
	if (!regime->s1.levels)
		return;
	regime->s1.root = (satp & SATP_PPN) << PAGE_SHIFT;
	regime->s1.adue = hart->menvcfg & MENVCFG_ADUE;
	regime->s1.pbmt = hart->menvcfg & MENVCFG_PBMTE;
	regime->asid = (u16)field_get(satp, SATP_ASID);
}

void regime_fetch(const struct hart *hart, struct regime *regime)
{
	fill(hart, regime, hart->priv);
}

void regime_data(const struct hart *hart, struct regime *regime)
{
	bool mprv = hart->priv == PRIV_M && (hart->mstatus & MSTATUS_MPRV);
	u8 priv = mprv ? (u8)field_get(hart->mstatus, MSTATUS_MPP) : hart->priv;

	fill(hart, regime, priv);
	if (!regime->s1.levels)
		return;
	regime->sum = priv == PRIV_S && (hart->mstatus & MSTATUS_SUM);
	regime->mxr = hart->mstatus & MSTATUS_MXR;
}
