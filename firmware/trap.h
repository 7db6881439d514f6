/* SPDX-License-Identifier: MIT */
/*
 * Traps from S- and U-mode: those that the firmware handles itself, and the redirection of all
 * others to S-mode.
 */
#ifndef FIRMWARE_TRAP_H
#define FIRMWARE_TRAP_H

#include "firmware/hart.h"

/* A trap as the M-mode CSRs describe it. */
struct trap {
	u64 cause, tval, tval2, tinst;
	bool gva; /* tval is a guest virtual address */
};

/* Handles the M-mode interrupts that are pending and enabled. */
void trap_serve_interrupts(void);

/*
 * Makes `frame` return to HS-mode at `entry`, with sstatus and sepc as after a trap of the
 * interrupted code.
 */
void trap_enter_s(struct frame *frame, u64 entry);

/*
 * Makes `frame` return to S-mode's trap handler (VS-mode's if hedeleg delegates the trap), as if
 * `trap` had been taken there.
 */
void trap_redirect(struct frame *frame, const struct trap *trap);

#endif
