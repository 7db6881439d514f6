/* SPDX-License-Identifier: MIT */
/*
 * Takes traps and returns from them. One function decides the target of a trap, and one enters the
 * handler. hart/exception.h declares exceptions and how they are raised.
 */
#ifndef CPU_TRAP_TRAP_H
#define CPU_TRAP_TRAP_H

#include "cpu/hart/hart.h"

/* Returns the privilege mode that handles an exception, and sets *to_virt. */
u8 trap_target(const struct hart *hart, u64 cause, bool *to_virt);

/* Takes hart->trap, an exception at hart->pc. */
void trap_take(struct hart *hart);

/*
 * Has the same effect as trap_take, at less cost, in the usual case: the hart is direct (direct.h),
 * and S-mode or VS-mode handles the exception. Otherwise it does nothing and returns false. `insn`
 * raised the exception; NULL if it could not be fetched.
 */
bool trap_take_direct(struct hart *hart, const struct insn *insn);

/*
 * Raises the exception of ECALL at hart->pc and takes it, as trap_take_direct does. Returns the
 * handler's pc; or does nothing and returns TRAP_UNDONE, which is not a valid pc.
 */
#define TRAP_UNDONE 1
u64 trap_ecall_direct(struct hart *hart);

/*
 * Takes the pending and enabled interrupt of the highest priority, and returns whether there was
 * one.
 */
bool trap_interrupt(struct hart *hart);

/*
 * Return from a trap: change the mode and return the next pc. The caller has checked that the
 * instruction is allowed.
 */
u64 trap_mret(struct hart *hart);
u64 trap_sret(struct hart *hart);
u64 trap_mnret(struct hart *hart);

/*
 * Executes SRET and returns the next pc in the usual case: the hart is direct, S-mode may execute
 * SRET, and no landing pad is expected. Otherwise it does nothing and returns TRAP_UNDONE.
 */
u64 trap_sret_direct(struct hart *hart);

/*
 * Change the mode and everything that is derived from it. hart_set_mode is for traps,
 * hart_return_mode for instructions, which are counted in the old mode.
 */
void hart_set_mode(struct hart *hart, u8 priv, bool virt);
void hart_return_mode(struct hart *hart, u8 priv, bool virt);

#endif
