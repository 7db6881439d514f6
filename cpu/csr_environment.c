/* SPDX-License-Identifier: MIT */
/* What a mode allows the ones below it: environment configuration. */
#include "cpu/csr_impl.h"

static const struct ext_bits common_bits[] = {
	{ EXT_s, MENVCFG_FIOM },
	{ EXT_zicbom, MENVCFG_CBIE | MENVCFG_CBCFE },
	{ EXT_zicboz, MENVCFG_CBZE },
};

/* What all environment configurations have. */
static u64 common(const struct hart *hart)
{
	return EXT_MASK(hart, common_bits);
}

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
	return legal_envcfg(old, value, common(hart) | EXT_MASK(hart, menvcfg_bits));
}

u64 legal_senvcfg(const struct hart *hart, u16 number, u64 old, u64 value)
{
	(void)number;
	return legal_envcfg(old, value, common(hart));
}

static const struct ext_bits henvcfg_bits[] = {
	{ EXT_svadu, MENVCFG_ADUE },
	{ EXT_svpbmt, MENVCFG_PBMTE },
	{ EXT_sstc, MENVCFG_STCE },
};

/* What menvcfg does not enable for S-mode cannot be enabled for VS-mode. */
u64 legal_henvcfg(const struct hart *hart, u16 number, u64 old, u64 value)
{
	u64 granted = EXT_MASK(hart, henvcfg_bits) & hart->menvcfg;

	(void)number;
	return legal_envcfg(old, value, common(hart) | granted);
}

void effect_envcfg(struct hart *hart)
{
	hart_regime_changed(hart);
	hart_timers_update(hart);
}

/* Bits of henvcfg that lose their grant are lost: they come back only by being written. */
void effect_menvcfg(struct hart *hart)
{
	hart->henvcfg = legal_henvcfg(hart, 0, hart->henvcfg, hart->henvcfg);
	effect_envcfg(hart);
}
