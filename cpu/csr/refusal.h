/* SPDX-License-Identifier: MIT */
/*
 * Why an access to a CSR is refused, and which exception it raises. For the files of this folder.
 */
#ifndef CPU_CSR_REFUSAL_H
#define CPU_CSR_REFUSAL_H

#include "cpu/hart/hart.h"

/*
 * The reason is REASON_none if a gate does not refuse. What a supervisor or hypervisor control
 * refuses in VS or VU is a virtual instruction, all else an illegal one (privileged manual,
 * "Virtual-Instruction").
 */
struct csr_refusal {
	enum trap_reason reason;
	bool virtual;
	struct denied_by denied_by;
};

/* With REASON_none nothing is refused. */
static inline struct csr_refusal csr_illegal(enum trap_reason reason)
{
	return (struct csr_refusal){ .reason = reason };
}

/* Refusal by a control below M-mode: a virtual instruction if V=1. */
static inline struct csr_refusal csr_virtual(const struct hart *hart, enum trap_reason reason)
{
	return (struct csr_refusal){ .reason = reason, .virtual = hart->virt };
}

/* Adds the field that denied the access. */
static inline struct csr_refusal csr_denied_by(struct csr_refusal refusal,
					       struct denied_by denied_by)
{
	refusal.denied_by = denied_by;
	return refusal;
}

#endif
