/* SPDX-License-Identifier: MIT */
/* Returns from traps (privileged manual, "Trap Return"). */
#include "cpu/trap.h"

#include "cpu/csr.h"
#include "cpu/hart.h"

u64 trap_mret(struct hart *hart)
{
	u64 status = csr_mstatus(hart);
	u8 to = (u8)field_get(status, MSTATUS_MPP);
	bool virt = to != PRIV_M && (status & MSTATUS_MPV);

	status = field_set(status, MSTATUS_MIE, !!(status & MSTATUS_MPIE));
	status |= MSTATUS_MPIE;
	status = field_set(status, MSTATUS_MPP, csr_least_mode(hart));
	status &= ~MSTATUS_MPV;
	if (to != PRIV_M)
		status &= ~MSTATUS_MPRV;
	hart->streak.count = 0;
	csr_set_mstatus(hart, status);
	hart_set_mode(hart, to, virt);
	return hart->mepc;
}

/* What SRET makes of sstatus and of vsstatus alike. */
static u64 leave_bank(u64 status)
{
	status = field_set(status, MSTATUS_SIE, !!(status & MSTATUS_SPIE));
	status |= MSTATUS_SPIE;
	return status & ~MSTATUS_SPP;
}

static u64 sret_vs(struct hart *hart)
{
	u64 status = csr_vsstatus(hart);

	csr_set_vsstatus(hart, leave_bank(status));
	hart_set_mode(hart, (u8)field_get(status, MSTATUS_SPP), true);
	return hart->s[BANK_VS].epc;
}

u64 trap_sret(struct hart *hart)
{
	u64 status = csr_mstatus(hart);
	bool virt = hart->hstatus & HSTATUS_SPV;

	hart->streak.count = 0;
	if (hart->virt)
		return sret_vs(hart);
	/* The new mode is never M, so MPRV is cleared whatever it was. */
	csr_set_mstatus(hart, leave_bank(status) & ~MSTATUS_MPRV);
	hart->hstatus &= ~HSTATUS_SPV;
	hart_set_mode(hart, (u8)field_get(status, MSTATUS_SPP), virt);
	return hart->s[BANK_HS].epc;
}
