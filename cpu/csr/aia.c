/* SPDX-License-Identifier: MIT */
/*
 * The CSRs of the Advanced Interrupt Architecture except the indirect ones: virtual interrupts, the
 * interrupts of highest priority (*topi, *topei), and who may access these registers (AIA manual,
 * "Control and Status Registers (CSRs) Added to Harts", "Access control by the state-enable CSRs").
 */
#include "cpu/csr/csr_impl.h"

/* The bits of mvien: the interrupts that M-mode can turn into virtual interrupts of S-mode. */
static const struct ext_bits mvien_bits[] = {
	{ EXT_s, BIT(IRQ_SSI) | BIT(IRQ_SEI) | LOCAL_INTERRUPTS },
};

u64 legal_mvien(const struct hart *hart, u16 number, u64 old, u64 value)
{
	(void)number;
	(void)old;
	return value & EXT_MASK(hart, mvien_bits);
}

u64 read_mvip(struct hart *hart, u16 number)
{
	(void)number;
	return interrupt_mvip(hart);
}

void write_mvip(struct hart *hart, u16 number, u64 value)
{
	u64 own = interrupt_mvip_own(hart), of_mip = interrupt_mvip_of_mip(hart);

	(void)number;
	set_bits(&hart->aia.mvip, own, value);
	set_bits(&hart->mip, of_mip, value);
}

u64 legal_hvien(const struct hart *hart, u16 number, u64 old, u64 value)
{
	(void)hart;
	(void)number;
	(void)old;
	return value & LOCAL_INTERRUPTS;
}

/* From here on: *topi and *topei. */

u64 read_mtopi(struct hart *hart, u16 number)
{
	(void)number;
	return interrupt_mtopi(hart);
}

u64 read_stopi(struct hart *hart, u16 number)
{
	(void)number;
	return interrupt_stopi(hart);
}

u64 read_vstopi(struct hart *hart, u16 number)
{
	(void)number;
	return interrupt_vstopi(hart);
}

/*
 * The privilege in the number selects mtopei, stopei or vstopei. The interrupt file may be missing,
 * because a debugger's reads pass no gate.
 */

u64 read_topei(struct hart *hart, u16 number)
{
	unsigned file;

	if (!csr_imsic_file(hart, number, &file))
		return 0;
	return hart->imsic.topei(hart->imsic.ctx, file);
}

/* The value does not matter: the interrupt that topei reports now is claimed. */
void write_topei(struct hart *hart, u16 number, u64 value)
{
	unsigned file;

	(void)value;
	if (csr_imsic_file(hart, number, &file))
		hart->imsic.claim(hart->imsic.ctx, file);
}

bool csr_imsic_file(const struct hart *hart, u16 number, unsigned *file)
{
	unsigned guest = interrupt_guest_file(hart);

	switch (bits(number, 8, 2)) {
	case PRIV_S:
		*file = 1;
		break;
	case PRIV_M:
		*file = 0;
		break;
	default:
		*file = 1 + guest;
		return hart->imsic.read && guest;
	}
	return hart->imsic.read;
}

/* From here on: gates. */

/* mvien and mvip exist only if the hart has S-mode. */
struct csr_refusal gate_supervisor(const struct hart *hart, struct csr_request request)
{
	(void)request;
	return csr_illegal(isa_has(hart->isa, EXT_s) ? REASON_none : REASON_csr_missing);
}

struct csr_refusal gate_imsic_m(const struct hart *hart, struct csr_request request)
{
	(void)request;
	return csr_illegal(hart->imsic.read ? REASON_none : REASON_csr_imsic);
}

/* Returns hstatus.VGEIN if it is 0, so that no guest file is selected; otherwise no field. */
static struct denied_by vgein(const struct hart *hart)
{
	return denied_by_clear(CSR_HSTATUS, hart->hstatus & HSTATUS_VGEIN ? 0 : HSTATUS_VGEIN);
}

/*
 * stopei belongs to S-mode's own interrupt file, which mvien may hide from S-mode; with V=1 it
 * belongs to the guest's file.
 */
struct csr_refusal gate_imsic_s(const struct hart *hart, struct csr_request request)
{
	struct csr_refusal refusal = csr_imsic_hidden(hart);

	(void)request;
	if (refusal.reason)
		return refusal;
	if (hart->virt)
		return csr_denied_by(csr_virtual(hart, hart->priv == PRIV_S &&
								       interrupt_guest_file(hart) ?
							       REASON_none :
							       REASON_csr_imsic),
				     vgein(hart));
	return csr_illegal(hart->imsic.read ? REASON_none : REASON_csr_imsic);
}

/* Checks the state-enable bit of the interrupt files, if there are any. */
static struct csr_refusal imsic_stateen(const struct hart *hart)
{
	return hart->imsic.read ? csr_stateen(hart, STATEEN_IMSIC) : csr_illegal(REASON_none);
}

/*
 * vstopei exists only if VGEIN selects a guest file. mvien does not hide guest files. Accesses from
 * VS and VU are HS-qualified, thus virtual instructions, whether or not there is an IMSIC and a
 * guest file (AIA, "Virtual instruction exceptions"); the privilege check refuses them.
 */
struct csr_refusal gate_imsic_vs(const struct hart *hart, struct csr_request request)
{
	struct csr_refusal refusal = imsic_stateen(hart);

	(void)request;
	if (refusal.reason || hart->virt)
		return refusal;
	return csr_denied_by(csr_illegal(interrupt_guest_file(hart) ? REASON_none :
								      REASON_csr_imsic),
			     vgein(hart));
}

struct csr_refusal gate_aia(const struct hart *hart, struct csr_request request)
{
	(void)request;
	return csr_stateen(hart, STATEEN_AIA);
}

/* If hvictl controls a guest's interrupts, the hypervisor emulates the guest's sip and sie. */
struct csr_refusal gate_vti(const struct hart *hart, struct csr_request request)
{
	bool emulated = hart->virt && (hart->aia.hvictl & HVICTL_VTI);

	(void)request;
	return csr_denied_by(csr_virtual(hart, emulated ? REASON_csr_vti : REASON_none),
			     denied_by_set(CSR_HVICTL, HVICTL_VTI));
}

struct csr_refusal csr_imsic_hidden(const struct hart *hart)
{
	struct csr_refusal refusal = imsic_stateen(hart);

	if (!refusal.reason && hart->imsic.read && hart->priv == PRIV_S && !hart->virt &&
	    (hart->aia.mvien & BIT(IRQ_SEI)))
		return csr_denied_by(csr_illegal(REASON_csr_mvien),
				     denied_by_set(CSR_MVIEN, BIT(IRQ_SEI)));
	return refusal;
}

void csr_legalise_aia(struct hart *hart)
{
	struct aia *aia = &hart->aia;

	aia->mvip &= legal_mvien(hart, 0, 0, ~BIT(IRQ_SEI));
	aia->sie &= legal_mvien(hart, 0, 0, UINT64_MAX);
	aia->vsie &= LOCAL_INTERRUPTS;
	for (u16 n = 0; n < IPRIO_WORDS; n++) {
		aia->miprio[n] &= csr_iprio_kept(hart, PRIV_M, n);
		aia->siprio[n] &= csr_iprio_kept(hart, PRIV_S, n);
	}
}
