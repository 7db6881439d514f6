/* SPDX-License-Identifier: MIT */
/*
 * Takes traps: the target of a trap (one function), the entry (one function), and the returns. The
 * exception itself is declared in hart/trap.h.
 */
#ifndef CPU_TRAP_TRAP_H
#define CPU_TRAP_TRAP_H

#include "cpu/hart/hart.h"

/* Returns the privilege mode in which an exception is handled, and sets *to_virt. */
u8 trap_target(const struct hart *hart, u64 cause, bool *to_virt);

/* Takes hart->trap, an exception at hart->pc. */
void trap_take(struct hart *hart);

/*
 * Does what trap_take does in the usual case, at less cost: the hart is direct (direct.h), and
 * S-mode or VS-mode takes the exception. Else it returns false, with nothing done. `insn` raised
 * the exception; NULL if it could not be fetched.
 */
bool trap_take_direct(struct hart *hart, const struct insn *insn);

/*
 * Raises the exception of ECALL at hart->pc and takes it so. Returns the handler's pc, or
 * TRAP_UNDONE, which is no pc, in the place of false.
 */
#define TRAP_UNDONE 1
u64 trap_ecall_direct(struct hart *hart);

/* Takes the highest pending and enabled interrupt, if there is one. */
bool trap_interrupt(struct hart *hart);

/*
 * Return from a trap: they change the mode and return the pc to go on at. The caller has checked
 * the right.
 */
u64 trap_mret(struct hart *hart);
u64 trap_sret(struct hart *hart);
u64 trap_mnret(struct hart *hart);

/*
 * Executes SRET and returns the next pc in the usual case: the hart is direct, S-mode has the
 * right, and no landing pad is expected. Else it returns TRAP_UNDONE.
 */
u64 trap_sret_direct(struct hart *hart);

/*
 * Change the mode, and what is derived from it: by a trap, or in the course of an instruction,
 * which counts for the old mode.
 */
void hart_set_mode(struct hart *hart, u8 priv, bool virt);
void hart_return_mode(struct hart *hart, u8 priv, bool virt);

#endif
