/* SPDX-License-Identifier: MIT */
/*
 * The reason why an access to a CSR is refused, and the exception that it raises. Only files of
 * this folder include this.
 */
#ifndef CPU_CSR_REFUSAL_H
#define CPU_CSR_REFUSAL_H

#include "cpu/hart/hart.h"

/*
 * The decision of a gate; with REASON_none the access is allowed. If a supervisor or hypervisor
 * control refuses an access in VS or VU, it is a virtual instruction, otherwise an illegal one
 * (privileged manual, "Virtual-Instruction").
 */
struct csr_refusal {
	enum trap_reason reason;
	bool virtual;
	struct denied_by denied_by;
};

/* Returns a refusal by which the instruction is illegal; with REASON_none the access is allowed. */
static inline struct csr_refusal csr_illegal(enum trap_reason reason)
{
	return (struct csr_refusal){ .reason = reason };
}

/* Returns a refusal by a control of a mode below M: a virtual instruction if V=1. */
static inline struct csr_refusal csr_virtual(const struct hart *hart, enum trap_reason reason)
{
	return (struct csr_refusal){ .reason = reason, .virtual = hart->virt };
}

/* Returns the refusal with the field that denied the access. */
static inline struct csr_refusal csr_denied_by(struct csr_refusal refusal,
					       struct denied_by denied_by)
{
	refusal.denied_by = denied_by;
	return refusal;
}

#endif
