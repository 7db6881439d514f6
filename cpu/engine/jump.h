/* SPDX-License-Identifier: MIT */
/*
 * Jumps and branches of harts without 16-bit instructions: a target that is not a multiple of 4 is
 * refused (unprivileged manual, IALIGN). With Zca there is no such target.
 */
#ifndef CPU_ENGINE_JUMP_H
#define CPU_ENGINE_JUMP_H

#include "cpu/hart/hart.h"

/* Makes a decoded instruction an OP_checked_jump if it may go to such a target. */
void jump_mark(const struct isa *isa, struct insn *insn);

/* Executes an OP_checked_jump and sets *target to the next pc; false with the trap filled in. */
bool jump_checked(struct hart *hart, const struct insn *insn, u64 pc, u64 *target);

#endif
