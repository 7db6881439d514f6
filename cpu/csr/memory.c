/* SPDX-License-Identifier: MIT */
/* The registers of translation and of physical memory protection. */
#include "cpu/csr/csr_impl.h"
#include "cpu/mmu/pmp.h"
#include "cpu/mmu/regime.h"

/* Returns whether the hart has the translation mode (MODE) in a value of satp, vsatp or hgatp. */
static bool has_translation(const struct hart *hart, u64 value)
{
	static const u8 ext_of[] = { EXT_svbare, 0, 0, EXT_sv39, EXT_sv48, EXT_sv57 };
	u8 levels;

	return regime_satp_mode(field_get(value, SATP_MODE), &levels) &&
	       isa_has(hart->isa, ext_of[levels]);
}

/* If the hart does not have the mode, the whole write has no effect. */
u64 legal_satp(const struct hart *hart, u16 number, u64 old, u64 value)
{
	(void)number;
	return has_translation(hart, value) ? value : old;
}

void effect_atp(struct hart *hart)
{
	hart_mode_changed(hart);
}

void effect_regime(struct hart *hart)
{
	hart_regime_changed(hart);
}

/*
 * Unlike satp's, hgatp's other fields are written even if the hart does not have the mode. The root
 * table is 16 KiB, so the two lowest bits of PPN are zero.
 */
u64 legal_hgatp(const struct hart *hart, u16 number, u64 old, u64 value)
{
	(void)number;
	if (!has_translation(hart, value))
		value = field_set(value, SATP_MODE, field_get(old, SATP_MODE));
	return value & (SATP_MODE | HGATP_VMID | (SATP_PPN & ~3ull));
}

struct csr_refusal gate_satp(const struct hart *hart, struct csr_request request)
{
	(void)request;
	if (hart->priv != PRIV_S)
		return csr_illegal(REASON_none);
	if (hart->virt)
		return csr_denied_by(csr_virtual(hart, hart->hstatus & HSTATUS_VTVM ? REASON_vtvm :
										      REASON_none),
				     denied_by_set(CSR_HSTATUS, HSTATUS_VTVM));
	return csr_denied_by(csr_illegal(hart->mstatus & MSTATUS_TVM ? REASON_csr_tvm :
								       REASON_none),
			     denied_by_set(CSR_MSTATUS, MSTATUS_TVM));
}

struct csr_refusal gate_hgatp(const struct hart *hart, struct csr_request request)
{
	bool reserved = hart->priv == PRIV_S && !hart->virt && (hart->mstatus & MSTATUS_TVM);

	(void)request;
	return csr_denied_by(csr_illegal(reserved ? REASON_csr_tvm : REASON_none),
			     denied_by_set(CSR_MSTATUS, MSTATUS_TVM));
}

u64 read_pmpcfg(struct hart *hart, u16 number)
{
	return pmp_read_cfg(&hart->pmp, (number & 2) * 4);
}

/*
 * Writes pmpcfg. Firmware often writes the value that the register already has, for instance to
 * disable entries that are disabled already; the views are then kept.
 */
void write_pmpcfg(struct hart *hart, u16 number, u64 value)
{
	u64 old = read_pmpcfg(hart, number);

	pmp_write_cfg(&hart->pmp, (number & 2) * 4, value);
	if (read_pmpcfg(hart, number) != old)
		hart_pmp_changed(hart);
}

u64 read_pmpaddr(struct hart *hart, u16 number)
{
	return hart->pmp.addr[number & 15];
}

void write_pmpaddr(struct hart *hart, u16 number, u64 value)
{
	u64 old = read_pmpaddr(hart, number);

	pmp_write_addr(&hart->pmp, number & 15, value);
	if (read_pmpaddr(hart, number) != old)
		hart_pmp_changed(hart);
}
