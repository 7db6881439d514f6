/* SPDX-License-Identifier: MIT */
/*
 * Jumps and branches of harts without 16-bit instructions, on which a target that is not a multiple
 * of 4 raises an exception (unprivileged manual, IALIGN). With Zca every target is allowed.
 */
#ifndef CPU_ENGINE_JUMP_H
#define CPU_ENGINE_JUMP_H

#include "cpu/hart/hart.h"

/* Turns a decoded jump or branch into OP_checked_jump if its target may be such an address. */
void jump_mark(const struct isa *isa, struct insn *insn);

/* Executes an OP_checked_jump and sets *target to the next pc; false with the trap filled in. */
bool jump_checked(struct hart *hart, const struct insn *insn, u64 pc, u64 *target);

#endif
