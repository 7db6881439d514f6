/* SPDX-License-Identifier: MIT */
/*
 * State-enable registers (Smstateen, Ssstateen): which state of other extensions is accessible
 * below M-mode, and in guests. A bit that is clear at one level is read-only zero at the levels
 * below.
 */
#include "cpu/csr/csr_impl.h"

/* The bits that mstateen0 has, by the extension whose state each hides. */
static const struct ext_bits stateen0_bits[] = {
	{ EXT_sdtrig, STATEEN_CONTEXT },
	{ EXT_ssaia, STATEEN_AIA },
	{ EXT_sscsrind, STATEEN_CSRIND },
	{ EXT_s, STATEEN_ENVCFG },
	{ EXT_zcmt, STATEEN_JVT },
};

/* Without S-mode, jvt is the only state of these that is accessible below M-mode. */
static u64 stateen_implemented(const struct hart *hart, unsigned n)
{
	u64 mask = STATEEN_SE;

	if (n == 0)
		mask |= EXT_MASK(hart, stateen0_bits) |
			(hart->imsic.read && isa_has(hart->isa, EXT_ssaia) ? STATEEN_IMSIC : 0);
	return isa_has(hart->isa, EXT_s) ? mask : mask & STATEEN_JVT;
}

static unsigned index_of(u16 number)
{
	return number & 3;
}

u64 read_mstateen(struct hart *hart, u16 number)
{
	return hart->mstateen[index_of(number)];
}

void write_mstateen(struct hart *hart, u16 number, u64 value)
{
	hart->mstateen[index_of(number)] = value & stateen_implemented(hart, index_of(number));
}

/* Returns the bits that M-mode enables: without Smstateen, all of them. */
static u64 stateen_granted(const struct hart *hart, unsigned n)
{
	return isa_has(hart->isa, EXT_smstateen) ? hart->mstateen[n] : stateen_implemented(hart, n);
}

u64 read_hstateen(struct hart *hart, u16 number)
{
	return hart->hstateen[index_of(number)] & stateen_granted(hart, index_of(number));
}

/* A bit that mstateen keeps at zero is not written. */
void write_hstateen(struct hart *hart, u16 number, u64 value)
{
	unsigned n = index_of(number);

	set_bits(&hart->hstateen[n], stateen_granted(hart, n), value);
}

/*
 * Returns the bits of sstateen0 that can be set: those that are not zero at a higher level. Host
 * and guest share the register.
 */
static u64 user_granted(const struct hart *hart)
{
	u64 mask = stateen_granted(hart, 0) & STATEEN_JVT;

	return hart->virt ? mask & hart->hstateen[0] : mask;
}

u64 read_sstateen(struct hart *hart, u16 number)
{
	return index_of(number) ? 0 : hart->sstateen0 & user_granted(hart);
}

void write_sstateen(struct hart *hart, u16 number, u64 value)
{
	if (index_of(number) == 0)
		set_bits(&hart->sstateen0, user_granted(hart), value);
}

struct csr_refusal csr_stateen_word(const struct hart *hart, unsigned n, u64 bit)
{
	if (hart->priv != PRIV_M && !(stateen_granted(hart, n) & bit))
		return csr_denied_by(csr_illegal(REASON_csr_stateen),
				     denied_by_clear((u16)(CSR_MSTATEEN0 + n), bit));
	if (hart->virt && isa_has(hart->isa, EXT_ssstateen) && !(hart->hstateen[n] & bit))
		return csr_denied_by(csr_virtual(hart, REASON_csr_stateen),
				     denied_by_clear((u16)(CSR_HSTATEEN0 + n), bit));
	return csr_illegal(REASON_none);
}

/* The bit SE controls access to hstateen and sstateen themselves. */
struct csr_refusal gate_stateen(const struct hart *hart, struct csr_request request)
{
	return csr_stateen_word(hart, index_of(request.number), STATEEN_SE);
}

struct csr_refusal gate_jvt(const struct hart *hart, struct csr_request request)
{
	struct csr_refusal refusal = csr_stateen(hart, STATEEN_JVT);
	bool hidden = isa_has(hart->isa, EXT_ssstateen) && !(hart->sstateen0 & STATEEN_JVT);

	(void)request;
	if (!refusal.reason && hart->priv == PRIV_U && hidden)
		return csr_denied_by(csr_virtual(hart, REASON_csr_stateen),
				     denied_by_clear(CSR_SSTATEEN0, STATEEN_JVT));
	return refusal;
}

struct csr_refusal gate_envcfg(const struct hart *hart, struct csr_request request)
{
	(void)request;
	return csr_stateen(hart, STATEEN_ENVCFG);
}

void csr_legalise_stateen(struct hart *hart)
{
	hart->sstateen0 &= stateen_implemented(hart, 0) & STATEEN_JVT;
	for (unsigned n = 0; n < STATEENS; n++) {
		hart->mstateen[n] &= stateen_implemented(hart, n);
		hart->hstateen[n] &= stateen_implemented(hart, n);
	}
}
