/* SPDX-License-Identifier: MIT */
/* Returns from traps (privileged manual, "Trap Return"). */
#include "cpu/trap/trap.h"

#include "cpu/counters/pmu.h"
#include "cpu/csr/fast.h"
#include "cpu/debug/triggers/trigger.h"

/* After a return into VU, the guest's kernel can take traps again (Ssdbltrp). */
static void expect_guest_traps(struct hart *hart, u8 to, bool virt)
{
	if (virt && to == PRIV_U)
		hart->s[BANK_VS].status &= ~MSTATUS_SDT;
}

/*
 * The landing pad that was expected before the trap is expected again, if the mode has landing pads
 * (Zicfilp).
 */
static void expect_landing(struct hart *hart, bool before)
{
	hart->elp = before && hart->lpe;
}

/*
 * Does what MRET and MNRET have in common: below M MPRV is clear, and S-mode can take traps again.
 */
static void return_from_m(struct hart *hart, u64 status, u8 to, bool virt)
{
	if (to != PRIV_M)
		status &= ~MSTATUS_MPRV;
	if (to == PRIV_U || virt)
		status &= ~MSTATUS_SDT;
	expect_guest_traps(hart, to, virt);
	hart_event(hart, PMU_returns);
	hart->streak.count = 0;
	csr_set_mstatus(hart, status);
	hart_return_mode(hart, to, virt);
}

u64 trap_mnret(struct hart *hart)
{
	u64 status = csr_mstatus(hart);
	u8 to = (u8)field_get(hart->mnstatus, MNSTATUS_MNPP);
	bool virt = to != PRIV_M && (hart->mnstatus & MNSTATUS_MNPV);

	hart->mnstatus |= MNSTATUS_NMIE;
	if (to != PRIV_M)
		status &= ~MSTATUS_MDT;
	return_from_m(hart, status, to, virt);
	expect_landing(hart, hart->mnstatus & MNSTATUS_MNPELP);
	hart->mnstatus &= ~MNSTATUS_MNPELP;
	return hart->mnepc;
}

u64 trap_mret(struct hart *hart)
{
	u64 status = csr_mstatus(hart);
	u8 to = (u8)field_get(status, MSTATUS_MPP);
	bool virt = to != PRIV_M && (status & MSTATUS_MPV), elp = status & MSTATUS_MPELP;

	status = field_set(status, MSTATUS_MIE, !!(status & MSTATUS_MPIE));
	status |= MSTATUS_MPIE;
	status = field_set(status, MSTATUS_MPP, csr_least_mode(hart));
	status &= ~(MSTATUS_MPV | MSTATUS_MPELP | MSTATUS_MDT);
	hart->triggers.tcontrol = trigger_control_mret(hart->triggers.tcontrol);
	return_from_m(hart, status, to, virt);
	expect_landing(hart, elp);
	return hart->mepc;
}

/* Returns what SRET makes of sstatus and vsstatus alike. */
static u64 leave_bank(u64 status)
{
	status = field_set(status, MSTATUS_SIE, !!(status & MSTATUS_SPIE));
	status |= MSTATUS_SPIE;
	return status & ~(MSTATUS_SPP | MSTATUS_SPELP | MSTATUS_SDT);
}

static u64 sret_vs(struct hart *hart)
{
	u64 status = csr_vsstatus(hart);

	csr_set_vsstatus(hart, leave_bank(status));
	hart_return_mode(hart, (u8)field_get(status, MSTATUS_SPP), true);
	expect_landing(hart, status & MSTATUS_SPELP);
	return hart->s[BANK_VS].epc;
}

u64 trap_sret(struct hart *hart)
{
	u64 status = csr_mstatus_now(hart);
	bool virt = hart->hstatus & HSTATUS_SPV, elp = status & MSTATUS_SPELP;
	u8 to;

	hart_event(hart, PMU_returns);
	hart->streak.count = 0;
	if (hart->virt)
		return sret_vs(hart);
	/* The new mode is never M, so MPRV is cleared whatever it was. */
	to = (u8)field_get(status, MSTATUS_SPP);
	status = leave_bank(status) & ~MSTATUS_MPRV;
	if (hart->priv == PRIV_M)
		status &= ~MSTATUS_MDT;
	expect_guest_traps(hart, to, virt);
	csr_set_mstatus_now(hart, status);
	hart->hstatus &= ~HSTATUS_SPV;
	hart_return_mode(hart, to, virt);
	expect_landing(hart, elp);
	return hart->s[BANK_HS].epc;
}
