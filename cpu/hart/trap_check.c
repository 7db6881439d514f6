/* SPDX-License-Identifier: MIT */
/*
 * Checks whether a privileged instruction may run in the hart's mode, and raises the exception if
 * not.
 */
#include "cpu/hart/trap_check.h"

#include "cpu/hart/hart.h"
#include "cpu/isa/csr_bits.h"

bool trap_check_mret(struct hart *hart, u32 raw)
{
	return hart->priv == PRIV_M || hart_illegal(hart, raw, REASON_privilege);
}

static NOINLINE bool refuse(struct hart *hart, u32 raw, struct trap_reserve by)
{
	if (hart->priv == PRIV_U)
		return hart_refuse(hart, raw, REASON_privilege);
	hart_refuse(hart, raw, by.reason);
	return hart_denied_by(hart, hart->virt ? denied_by_set(CSR_HSTATUS, by.hstatus) :
						 denied_by_set(CSR_MSTATUS, by.mstatus));
}

static ALWAYS_INLINE bool check_s(struct hart *hart, u32 raw, struct trap_reserve by)
{
	return likely(trap_permits(hart, by)) || refuse(hart, raw, by);
}

bool trap_check_sret(struct hart *hart, u32 raw)
{
	return check_s(hart, raw, TRAP_SRET);
}

bool trap_check_sfence(struct hart *hart, u32 raw)
{
	return check_s(hart, raw, (struct trap_reserve){ MSTATUS_TVM, HSTATUS_VTVM, REASON_tvm });
}

bool trap_check_supervisor(struct hart *hart, u32 raw)
{
	return check_s(hart, raw, (struct trap_reserve){ 0 });
}

/*
 * Checks a hypervisor instruction, which is for HS- and M-mode. In a guest it raises a
 * virtual-instruction exception, so that the hypervisor can emulate it. Returns whether it may run,
 * as the other checks do.
 */
bool trap_check_hfence(struct hart *hart, u32 raw)
{
	bool allowed = !hart->virt && hart->priv != PRIV_U;

	return allowed || hart_refuse(hart, raw, REASON_privilege);
}

bool trap_check_hfence_gvma(struct hart *hart, u32 raw)
{
	return trap_check_hfence(hart, raw) &&
	       check_s(hart, raw,
		       (struct trap_reserve){ .mstatus = MSTATUS_TVM, .reason = REASON_tvm });
}

/* Returns whether HLV, HLVX or HSV may run: also in U-mode if hstatus.HU is set. */
bool trap_check_hlv(struct hart *hart, u32 raw)
{
	bool user = !hart->virt && hart->priv == PRIV_U;

	if (user && (hart->hstatus & HSTATUS_HU))
		return true;
	if (trap_check_hfence(hart, raw))
		return true;
	return hart_denied_by(hart, denied_by_clear(CSR_HSTATUS, user ? HSTATUS_HU : 0));
}

static bool refuse_wfi(struct hart *hart, u32 raw)
{
	hart_illegal(hart, raw, REASON_tw);
	return hart_denied_by(hart, denied_by_set(CSR_MSTATUS, MSTATUS_TW));
}

/*
 * Returns whether WFI may run. If the hart has S-mode, WFI in U-mode traps unless it completes
 * within a bounded time; so do WFI with TW in less privileged modes than M, and with VTW in
 * VS-mode. That time is 0 here, so WFI always traps then.
 */
bool trap_check_wfi(struct hart *hart, u32 raw)
{
	if (hart->priv != PRIV_M && (hart->mstatus & MSTATUS_TW))
		return refuse_wfi(hart, raw);
	if (!isa_has(hart->isa, EXT_s))
		return true;
	return check_s(hart, raw,
		       (struct trap_reserve){ .hstatus = HSTATUS_VTW, .reason = REASON_tw });
}

/*
 * Returns whether a cache-block instruction may run: the envcfg register of each mode decides about
 * the modes below.
 */
bool trap_check_cbo(struct hart *hart, u32 raw, u64 envcfg_field)
{
	u16 csr;

	if (hart->priv != PRIV_M && !(hart->menvcfg & envcfg_field)) {
		csr = CSR_MENVCFG;
		hart_illegal(hart, raw, REASON_envcfg);
	} else if (hart->virt && !(hart->henvcfg & envcfg_field)) {
		csr = CSR_HENVCFG;
		hart_virtual(hart, raw, REASON_envcfg);
	} else if (hart->priv == PRIV_U && !(hart->senvcfg & envcfg_field)) {
		csr = CSR_SENVCFG;
		hart_refuse(hart, raw, REASON_envcfg);
	} else {
		return true;
	}
	return hart_denied_by(hart, denied_by_clear(csr, envcfg_field));
}
