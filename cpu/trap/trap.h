/* SPDX-License-Identifier: MIT */
/*
 * Traps as they are taken: where one goes (one function), how it is entered (one function), and the
 * returns. The exception itself is hart/trap.h's.
 */
#ifndef CPU_TRAP_TRAP_H
#define CPU_TRAP_TRAP_H

#include "cpu/hart/hart.h"

/* Returns the privilege mode in which an exception is handled, and sets *to_virt. */
u8 trap_target(const struct hart *hart, u64 cause, bool *to_virt);

/* Take hart->trap (exception) at hart->pc. */
void trap_take(struct hart *hart);

/* Take the highest pending and enabled interrupt, if there is one. */
bool trap_interrupt(struct hart *hart);

/* Returns: change mode and give the pc to go on at. The caller has checked the right. */
u64 trap_mret(struct hart *hart);
u64 trap_sret(struct hart *hart);
u64 trap_mnret(struct hart *hart);


/*
 * Another mode: what is derived from it follows. By a trap; or in the course of an instruction,
 * which counts for the old mode.
 */
void hart_set_mode(struct hart *hart, u8 priv, bool virt);
void hart_return_mode(struct hart *hart, u8 priv, bool virt);

#endif
