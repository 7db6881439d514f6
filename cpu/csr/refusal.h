/* SPDX-License-Identifier: MIT */
/* What an access of a CSR that is refused raises, and why. For csr.c and csr_<topic>.c. */
#ifndef CPU_CSR_REFUSAL_H
#define CPU_CSR_REFUSAL_H

#include "cpu/hart/hart.h"

/*
 * Why a gate refuses; REASON_none when it does not. What a supervisor or hypervisor control
 * refuses in VS or VU is a virtual instruction, all else an illegal one (privileged manual,
 * "Virtual-Instruction"): that is which list the reason goes to.
 */
struct csr_refusal {
	enum trap_reason reason;
	bool virtual;
	struct denied_by denied_by;
};

/* Also REASON_none: nothing refused. */
static inline struct csr_refusal csr_illegal(enum trap_reason reason)
{
	return (struct csr_refusal){ .reason = reason };
}

/* By a control below M-mode: virtual instruction when V=1. */
static inline struct csr_refusal csr_virtual(const struct hart *hart, enum trap_reason reason)
{
	return (struct csr_refusal){ .reason = reason, .virtual = hart->virt };
}

/* The field that made for it. */
static inline struct csr_refusal csr_denied_by(struct csr_refusal refusal,
					       struct denied_by denied_by)
{
	refusal.denied_by = denied_by;
	return refusal;
}

#endif
