/* SPDX-License-Identifier: MIT */
/* Starting, stopping and suspending harts (HSM extension). */
#ifndef FIRMWARE_SBI_HSM_H
#define FIRMWARE_SBI_HSM_H

#include "firmware/sbi/sbi.h"

/* Values of the specification, "HSM Hart States". The other pending states do not occur here. */
enum hsm_state {
	HSM_STARTED = 0,
	HSM_STOPPED = 1,
	HSM_START_PENDING = 2,
	HSM_SUSPENDED = 4,
};

/*
 * Sets up this hart and enters the next boot stage at `addr` in `mode`, as if sbi_hart_start had
 * started it.
 */
void __attribute__((noreturn)) hsm_start_here(u64 addr, u64 arg, u64 mode);

/* Stops this hart until sbi_hart_start starts it, and then enters S-mode. */
void __attribute__((noreturn)) hsm_stop_here(void);

/* Returns whether S-mode may choose `addr` as the address at which a hart enters S-mode. */
bool hsm_start_address(u64 addr);

/*
 * Sleeps until S-mode has an interrupt or SSE event to handle, and enters it at `addr` with `arg`
 * in a1.
 */
void __attribute__((noreturn)) hsm_suspend_here(u64 addr, u64 arg);

#endif
