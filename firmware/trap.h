/* SPDX-License-Identifier: MIT */
/*
 * Traps out of S- and U-mode: those that the firmware serves, and the way to S-mode for all others.
 */
#ifndef FIRMWARE_TRAP_H
#define FIRMWARE_TRAP_H

#include "firmware/hart.h"

/* A trap as the M-mode CSRs describe it. */
struct trap {
	u64 cause, tval, tval2, tinst;
	bool gva; /* tval is a guest virtual address */
};

/* Serves the M-mode interrupts that are pending and enabled. */
void trap_serve_interrupts(void);

/* Makes `frame` enter HS-mode at `entry`, with status and sepc as a trap leaves them. */
void trap_enter_s(struct frame *frame, u64 entry);

/* Makes `frame` return into the handler of S-mode (VS-mode if hedeleg says so) with `trap`. */
void trap_redirect(struct frame *frame, const struct trap *trap);

#endif
