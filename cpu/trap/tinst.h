/* SPDX-License-Identifier: MIT */
/* This file makes what mtinst and htinst tell of the instruction that trapped. */
#ifndef CPU_TRAP_TINST_H
#define CPU_TRAP_TINST_H

#include "bus/base.h"

struct hart;

/*
 * The transformed instruction of hart->trap, an exception at hart->pc that is not taken yet; 0 for
 * those that none is defined for (privileged manual, "Transformed Instruction or
 * Pseudoinstruction for mtinst or htinst").
 */
u64 tinst_transformed(struct hart *hart);

#endif
