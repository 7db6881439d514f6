/* SPDX-License-Identifier: MIT */
/* The parts of hart_trap, to be inlined. */
#ifndef CPU_HART_TRAP_FILL_H
#define CPU_HART_TRAP_FILL_H

#include "cpu/hart/hart.h"
#include "cpu/hart/tlb_view.h"
#include "cpu/hart/exception.h"

/* Returns whether xtval has a guest virtual address. */
static ALWAYS_INLINE bool trap_is_guests(const struct hart *hart, enum cause cause)
{
	switch (cause) {
	case CAUSE_FETCH_MISALIGNED:
	case CAUSE_FETCH_ACCESS:
	case CAUSE_FETCH_PAGE:
	case CAUSE_FETCH_GUEST_PAGE:
	case CAUSE_BREAKPOINT:
		return hart->virt;
	case CAUSE_LOAD_MISALIGNED:
	case CAUSE_LOAD_ACCESS:
	case CAUSE_LOAD_PAGE:
	case CAUSE_LOAD_GUEST_PAGE:
	case CAUSE_STORE_MISALIGNED:
	case CAUSE_STORE_ACCESS:
	case CAUSE_STORE_PAGE:
	case CAUSE_STORE_GUEST_PAGE:
		/* HLV, and MPRV with MPV, also access memory as the guest, though V is 0. */
		return hart->data->regime.virt;
	default:
		return false;
	}
}

/* Fills in hart->trap, except as_priv; `gva`: tval is a guest virtual address. */
static ALWAYS_INLINE void trap_fill(struct hart *hart, u64 cause, u64 tval, bool gva,
				    enum trap_reason reason)
{
	struct trap *trap = &hart->trap;

	trap->cause = cause;
	trap->tval = tval;
	trap->gpa = trap->tinst = 0;
	trap->gva = gva;
	trap->reason = reason;
	trap->denied_by = (struct denied_by){ 0 };
}

/* Returns the cause of ECALL, which depends on the privilege mode. */
static ALWAYS_INLINE u64 trap_ecall_cause(const struct hart *hart)
{
	bool guest_kernel = hart->virt && hart->priv == PRIV_S;

	return guest_kernel ? CAUSE_ECALL_VS : CAUSE_ECALL_U + (u64)hart->priv;
}

#endif
