/* SPDX-License-Identifier: MIT */
/* Returns from traps (privileged manual, "Trap Return"). */
#include "cpu/trap/trap.h"

#include "cpu/counters/pmu.h"
#include "cpu/csr/fast.h"
#include "cpu/debug/triggers/trigger.h"
#include "cpu/hart/trap_check.h"
#include "cpu/trap/direct.h"
#include "cpu/trap/mode.h"

/*
 * Clears vsstatus.SDT at a return into VU-mode: the guest's kernel can take traps again (Ssdbltrp).
 */
static void expect_guest_traps(struct hart *hart, u8 to, bool virt)
{
	if (virt && to == PRIV_U)
		hart->s[BANK_VS].status &= ~MSTATUS_SDT;
}

/*
 * Makes the hart expect the landing pad again that it expected before the trap, if the mode has
 * landing pads (Zicfilp).
 */
static void expect_landing(struct hart *hart, bool before)
{
	hart->elp = before && hart->lpe;
}

/*
 * Does what MRET and MNRET have in common: a return to a mode below M clears MPRV, and one to
 * U-mode or to a guest clears SDT, so that S-mode can take traps again.
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
	hart->log.left |= trap_log_mode(PRIV_M, false);
	if (to != PRIV_M && hart->log.entered == TRAP_LOG_NOT_ENTERED)
		hart->log.entered = hart->traps;
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

/* Returns the value of sstatus, or vsstatus, after SRET. */
static u64 leave_bank(u64 status)
{
	status = field_set(status, MSTATUS_SIE, !!(status & MSTATUS_SPIE));
	status |= MSTATUS_SPIE;
	return status & ~(MSTATUS_SPP | MSTATUS_SPELP | MSTATUS_SDT);
}

/* The results of the part of SRET that is done before the mode changes. */
struct sret {
	u8 to;
	bool virt, elp;
	u64 pc;
};

static ALWAYS_INLINE struct sret sret_vs(struct hart *hart)
{
	struct sbank *s = &hart->s[BANK_VS];
	u64 status = s->status;

	s->status = leave_bank(status);
	hart->log.left |= trap_log_mode(PRIV_S, true);
	return (struct sret){ (u8)field_get(status, MSTATUS_SPP), true, status & MSTATUS_SPELP,
			      s->epc };
}

static ALWAYS_INLINE struct sret sret_hs(struct hart *hart)
{
	u64 status = hart->mstatus;
	const struct sret sret = { (u8)field_get(status, MSTATUS_SPP),
				   hart->hstatus & HSTATUS_SPV, status & MSTATUS_SPELP,
				   hart->s[BANK_HS].epc };

	/* The new mode is never M, so MPRV is cleared whatever it was. */
	status = leave_bank(status) & ~MSTATUS_MPRV;
	if (hart->priv == PRIV_M)
		status &= ~MSTATUS_MDT;
	hart->mstatus = status;
	hart->log.left |= trap_log_mode(hart->priv, false);
	expect_guest_traps(hart, sret.to, sret.virt);
	hart->hstatus &= ~HSTATUS_SPV;
	return sret;
}

/* Makes all changes of SRET except that of the mode. */
static ALWAYS_INLINE struct sret sret_status(struct hart *hart)
{
	hart->streak.count = 0;
	csr_synchronize_fp(hart);
	return hart->virt ? sret_vs(hart) : sret_hs(hart);
}

u64 trap_sret(struct hart *hart)
{
	struct sret sret = sret_status(hart);

	hart_event(hart, PMU_returns);
	hart_return_mode(hart, sret.to, sret.virt);
	expect_landing(hart, sret.elp);
	return sret.pc;
}

static ALWAYS_INLINE u64 return_from_s(struct hart *hart, bool virt)
{
	struct sret sret;

	if (unlikely(!hart_is_direct(hart) || hart->priv != PRIV_S ||
		     *csr_status(hart) & MSTATUS_SPELP || !trap_permits(hart, TRAP_SRET)))
		return TRAP_UNDONE;
	sret = sret_status(hart);
	mode_note(hart, PRIV_S, virt);
	/* The code that follows is inlined once for each target. */
	return sret.virt ? mode_switch_from(hart, virt, sret.to, true, sret.pc) :
			   mode_switch_from(hart, virt, sret.to, false, sret.pc);
}

static NOINLINE u64 return_from_vs(struct hart *hart)
{
	return return_from_s(hart, true);
}

/* The copy for V=0 is inlined here, without the parts that depend on V. */
u64 trap_sret_direct(struct hart *hart)
{
	return hart->virt ? return_from_vs(hart) : return_from_s(hart, false);
}
