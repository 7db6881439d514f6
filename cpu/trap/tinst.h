/* SPDX-License-Identifier: MIT */
/* The values of mtinst and htinst, which describe the instruction that trapped. */
#ifndef CPU_TRAP_TINST_H
#define CPU_TRAP_TINST_H

#include "bus/base.h"

struct hart;

/*
 * Returns the transformed instruction of hart->trap, an exception at hart->pc that is not taken
 * yet; 0 if none is defined (privileged manual, "Transformed Instruction or Pseudoinstruction for
 * mtinst or htinst").
 */
u64 tinst_transformed(struct hart *hart);

#endif
