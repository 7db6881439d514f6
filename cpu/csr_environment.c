/* SPDX-License-Identifier: MIT */
/* What a mode allows the ones below it: environment configuration. */
#include "cpu/csr_impl.h"

#define ENVCFG_COMMON (MENVCFG_FIOM | MENVCFG_CBIE | MENVCFG_CBCFE | MENVCFG_CBZE)

/* CBIE is WARL: 2 is reserved, the old value stays. */
static u64 legal_envcfg(u64 old, u64 value, u64 mask)
{
	if (field_get(value, MENVCFG_CBIE) == 2)
		value = field_set(value, MENVCFG_CBIE, field_get(old, MENVCFG_CBIE));
	return value & mask;
}

static const struct ext_bits menvcfg_bits[] = {
	{ EXT_svadu, MENVCFG_ADUE },
	{ EXT_svpbmt, MENVCFG_PBMTE },
	{ EXT_sstc, MENVCFG_STCE },
};

u64 legal_menvcfg(const struct hart *hart, u16 number, u64 old, u64 value)
{
	(void)number;
	return legal_envcfg(old, value, ENVCFG_COMMON | EXT_MASK(hart, menvcfg_bits));
}

u64 legal_senvcfg(const struct hart *hart, u16 number, u64 old, u64 value)
{
	(void)hart;
	(void)number;
	return legal_envcfg(old, value, ENVCFG_COMMON);
}

void effect_envcfg(struct hart *hart)
{
	hart_regime_changed(hart);
	hart_stimecmp_update(hart);
}
