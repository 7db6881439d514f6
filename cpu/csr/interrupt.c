/* SPDX-License-Identifier: MIT */
/* The registers of pending and enabled interrupts, of delegation, and of trap vectors. */
#include "cpu/csr/csr_impl.h"

/* The bits of mie without those of H, by the extension that each needs. */
static const struct ext_bits mie_bits[] = {
	{ EXT_i, M_INTERRUPTS },
	{ EXT_s, S_INTERRUPTS },
	{ EXT_sscofpmf, BIT(IRQ_LCOFI) },
};

static const struct ext_bits mideleg_bits[] = {
	{ EXT_s, S_INTERRUPTS },
	{ EXT_sscofpmf, BIT(IRQ_LCOFI) },
};

static const struct ext_bits hideleg_bits[] = {
	{ EXT_h, VS_INTERRUPTS },
	{ EXT_shlcofideleg, BIT(IRQ_LCOFI) },
	{ EXT_ssaia, LOCAL_INTERRUPTS & ~BIT(IRQ_LCOFI) },
};

/* These are all exceptions except ECALL from M-mode, which S-mode never takes. */
static const struct ext_bits medeleg_bits[] = {
	{ EXT_s, 0xcb3ff },
	{ EXT_h, BIT(CAUSE_ECALL_VS) | BIT(CAUSE_FETCH_GUEST_PAGE) | BIT(CAUSE_LOAD_GUEST_PAGE) |
		 BIT(CAUSE_VIRTUAL_INSTRUCTION) | BIT(CAUSE_STORE_GUEST_PAGE) },
};

/* These are the exceptions that VS-mode can take: not those that only a hypervisor understands. */
static const struct ext_bits hedeleg_bits[] = {
	{ EXT_h, 0xcb1ff },
};

u64 legal_medeleg(const struct hart *hart, u16 number, u64 old, u64 value)
{
	(void)number;
	(void)old;
	return value & EXT_MASK(hart, medeleg_bits);
}

u64 legal_hedeleg(const struct hart *hart, u16 number, u64 old, u64 value)
{
	(void)number;
	(void)old;
	return value & EXT_MASK(hart, hedeleg_bits);
}

/*
 * Returns the interrupts of H that the hart has: SGEI only if a guest has an interrupt file, which
 * is if GEILEN is not 0.
 */
static u64 hs_interrupts(const struct hart *hart)
{
	u64 guest_external = hart->imsic.guests ? BIT(IRQ_SGEI) : 0;

	return isa_has(hart->isa, EXT_h) ? VS_INTERRUPTS | guest_external : 0;
}

/* The interrupts of H are always delegated: those bits are read-only one. */
u64 legal_mideleg(const struct hart *hart, u16 number, u64 old, u64 value)
{
	(void)number;
	(void)old;
	return (value & EXT_MASK(hart, mideleg_bits)) | hs_interrupts(hart);
}

/*
 * hart->hideleg can have bits of interrupts that S-mode does not have, neither by delegation nor as
 * virtual ones. They cannot be a guest's, so interrupt_hideleg() omits them.
 */
u64 legal_hideleg(const struct hart *hart, u16 number, u64 old, u64 value)
{
	(void)number;
	(void)old;
	return value & EXT_MASK(hart, hideleg_bits);
}

u64 read_hideleg(struct hart *hart, u16 number)
{
	(void)number;
	return interrupt_hideleg(hart);
}

void write_hideleg(struct hart *hart, u16 number, u64 value)
{
	hart->hideleg = legal_hideleg(hart, number, hart->hideleg, value);
}

u64 legal_hvip(const struct hart *hart, u16 number, u64 old, u64 value)
{
	(void)number;
	(void)old;
	return value & (VS_INTERRUPTS | (isa_has(hart->isa, EXT_ssaia) ? LOCAL_INTERRUPTS : 0));
}

u64 legal_mie(const struct hart *hart, u16 number, u64 old, u64 value)
{
	(void)number;
	(void)old;
	return value & (EXT_MASK(hart, mie_bits) | hs_interrupts(hart));
}

/* Modes 2 and 3 are reserved: such a write is ignored. */
u64 legal_tvec(const struct hart *hart, u16 number, u64 old, u64 value)
{
	(void)hart;
	(void)number;
	return value & 2 ? old : value;
}

/* Instructions start at multiples of 4, or of 2 with 16-bit instructions. */
u64 legal_epc(const struct hart *hart, u16 number, u64 old, u64 value)
{
	(void)number;
	(void)old;
	return value & (isa_has(hart->isa, EXT_zca) ? ~1ull : ~3ull);
}

u64 legal_hgeie(const struct hart *hart, u16 number, u64 old, u64 value)
{
	(void)number;
	(void)old;
	return value & ((BIT(hart->imsic.guests) - 1) << 1);
}

/* From here on: mip and its views. */

/* Writes the bits in `mask` to the registers that hold them. */
static void set_pending(struct hart *hart, u64 mask, u64 value)
{
	set_bits(&hart->mip, mask & (S_INTERRUPTS | BIT(IRQ_LCOFI)), value);
	set_bits(&hart->hvip, mask & VS_INTERRUPTS, value);
}

u64 read_mip(struct hart *hart, u16 number)
{
	(void)number;
	return interrupt_pending(hart);
}

/*
 * Writes the bits of mip that software can write. MSIP, MTIP and MEIP are the levels of pins. STIP
 * is stimecmp's if menvcfg.STCE is set, and SEIP the pin's if bit 9 of mvien is set. VSSIP is
 * hvip's.
 */
void write_mip(struct hart *hart, u16 number, u64 value)
{
	u64 mask = EXT_MASK(hart, mideleg_bits);

	(void)number;
	if (hart->menvcfg & MENVCFG_STCE)
		mask &= ~BIT(IRQ_STI);
	mask &= ~(hart->aia.mvien & BIT(IRQ_SEI));
	if (isa_has(hart->isa, EXT_h))
		mask |= BIT(IRQ_VSSI);
	set_pending(hart, mask, value);
}

u64 read_sie(struct hart *hart, u16 number)
{
	(void)number;
	return interrupt_sie(hart);
}

void write_sie(struct hart *hart, u16 number, u64 value)
{
	(void)number;
	set_bits(&hart->mie, interrupt_s_delegated(hart), value);
	set_bits(&hart->aia.sie, interrupt_s_virtual(hart), value);
}

u64 read_sip(struct hart *hart, u16 number)
{
	(void)number;
	return interrupt_sip(hart);
}

/* Writes SSIP and local interrupts to the register that holds each. */
static void set_sip(struct hart *hart, u64 mask, u64 value)
{
	u64 writable = mask & (BIT(IRQ_SSI) | LOCAL_INTERRUPTS);

	set_pending(hart, writable & interrupt_s_delegated(hart), value);
	set_bits(&hart->aia.mvip, writable & interrupt_s_virtual(hart), value);
}

void write_sip(struct hart *hart, u16 number, u64 value)
{
	(void)number;
	set_sip(hart, UINT64_MAX, value);
}

u64 read_hie(struct hart *hart, u16 number)
{
	(void)number;
	return hart->mie & HS_INTERRUPTS;
}

void write_hie(struct hart *hart, u16 number, u64 value)
{
	(void)number;
	set_bits(&hart->mie, hs_interrupts(hart), value);
}

u64 read_hip(struct hart *hart, u16 number)
{
	(void)number;
	return interrupt_pending(hart) & HS_INTERRUPTS;
}

void write_hip(struct hart *hart, u16 number, u64 value)
{
	(void)number;
	set_pending(hart, BIT(IRQ_VSSI), value);
}

/*
 * These are vsie and vsip. A guest sees VS interrupts one bit lower, where supervisor interrupts
 * are. It sees local interrupts as they are in sip and sie, or the virtual ones of hvien and hvip.
 */
u64 read_vsie(struct hart *hart, u16 number)
{
	(void)number;
	return interrupt_vsie(hart);
}

void write_vsie(struct hart *hart, u16 number, u64 value)
{
	u64 delegated = interrupt_hideleg(hart), local = delegated & LOCAL_INTERRUPTS;

	(void)number;
	set_bits(&hart->mie, delegated & VS_INTERRUPTS, value << 1);
	set_bits(&hart->mie, local & interrupt_s_delegated(hart), value);
	set_bits(&hart->aia.sie, local & interrupt_s_virtual(hart), value);
	set_bits(&hart->aia.vsie, hart->aia.hvien & ~delegated, value);
}

u64 read_vsip(struct hart *hart, u16 number)
{
	(void)number;
	return interrupt_vsip(hart);
}

void write_vsip(struct hart *hart, u16 number, u64 value)
{
	u64 delegated = interrupt_hideleg(hart);

	(void)number;
	set_pending(hart, delegated & BIT(IRQ_VSSI), value << 1);
	set_sip(hart, delegated & LOCAL_INTERRUPTS, value);
	set_bits(&hart->hvip, hart->aia.hvien & ~delegated, value);
}

void csr_legalise_interrupts(struct hart *hart)
{
	hart->mip &= EXT_MASK(hart, mideleg_bits);
	hart->lines &= M_INTERRUPTS | BIT(IRQ_SEI) | BIT(IRQ_STI) | BIT(IRQ_VSTI);
	hart->hgeip = legal_hgeie(hart, 0, 0, hart->hgeip);
	hart->hideleg = legal_hideleg(hart, 0, 0, hart->hideleg);
}
