/* SPDX-License-Identifier: MIT */
/* Which harts run S-mode (HSM extension). */
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

/* The boot hart enters the next stage as if it had been started. */
void __attribute__((noreturn)) hsm_start_here(u64 addr, u64 arg, u64 mode);

/* This hart waits for sbi_hart_start. */
void __attribute__((noreturn)) hsm_stop_here(void);

/* S-mode may ask for a hart to enter it there. */
bool hsm_start_address(u64 addr);

/* Sleeps until S-mode has something to serve, and enters it at `addr` with `arg` in a1. */
void __attribute__((noreturn)) hsm_suspend_here(u64 addr, u64 arg);

#endif
