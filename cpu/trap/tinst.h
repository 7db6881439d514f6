/* SPDX-License-Identifier: MIT */
/* The values of mtinst and htinst, which describe the instruction that trapped. */
#ifndef CPU_TRAP_TINST_H
#define CPU_TRAP_TINST_H

#include "cpu/hart/exception.h"

struct hart;
struct insn;

/* Only exceptions of explicit memory accesses have a transformed instruction. */
#define EXPLICIT_ACCESS                                                                            \
	(BIT(CAUSE_LOAD_MISALIGNED) | BIT(CAUSE_LOAD_ACCESS) | BIT(CAUSE_STORE_MISALIGNED) |       \
	 BIT(CAUSE_STORE_ACCESS) | BIT(CAUSE_LOAD_PAGE) | BIT(CAUSE_STORE_PAGE) |                  \
	 BIT(CAUSE_LOAD_GUEST_PAGE) | BIT(CAUSE_STORE_GUEST_PAGE))

static inline bool tinst_is_for(u64 cause)
{
	return cause < 64 && EXPLICIT_ACCESS >> cause & 1;
}

/*
 * Returns the transformed instruction of hart->trap, an exception at hart->pc that is not taken
 * yet; 0 if none is defined (privileged manual, "Transformed Instruction or Pseudoinstruction for
 * mtinst or htinst").
 */
u64 tinst_transformed(struct hart *hart);

/* Returns the same for a caller that knows the decoded instruction, which was not executed yet. */
u64 tinst_of(const struct hart *hart, const struct insn *insn);

#endif
