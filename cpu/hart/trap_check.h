/* SPDX-License-Identifier: MIT */
/*
 * Determines which privileged instructions a mode may execute; exception.h declares the checks that
 * raise exceptions.
 */
#ifndef CPU_HART_TRAP_CHECK_H
#define CPU_HART_TRAP_CHECK_H

#include "cpu/hart/hart.h"
#include "cpu/hart/exception.h"
#include "cpu/isa/csr_bits.h"

/* The bits that deny an instruction: of mstatus in S-mode, of hstatus in VS-mode. */
struct trap_reserve {
	u64 mstatus, hstatus;
	enum trap_reason reason;
};

#define TRAP_SRET ((struct trap_reserve){ MSTATUS_TSR, HSTATUS_VTSR, REASON_tsr })

/* Returns whether the hart's mode may execute an instruction that is not for U-mode. */
static ALWAYS_INLINE bool trap_permits(const struct hart *hart, struct trap_reserve by)
{
	u64 reserved = hart->virt ? hart->hstatus & by.hstatus : hart->mstatus & by.mstatus;

	return hart->priv != PRIV_U && (hart->priv != PRIV_S || !reserved);
}

#endif
