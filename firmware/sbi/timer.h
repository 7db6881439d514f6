/* SPDX-License-Identifier: MIT */
/*
 * The timer of S-mode: stimecmp if the hart has it (Sstc), otherwise the CLINT's mtimecmp and STIP.
 */
#ifndef FIRMWARE_SBI_TIMER_H
#define FIRMWARE_SBI_TIMER_H

#include "firmware/sbi/sbi.h"

/* Returns mtime, in ticks. */
u64 timer_now(void);

/* Clears this hart's timer interrupt and its deadline. */
void timer_reset(void);

/* Handles M-mode's timer interrupt by passing it on to S-mode. */
void timer_expire(void);

/* Sets the timer: sbi_set_timer of the TIME extension, and the legacy call. */
struct sbi_ret timer_call(const u64 *arg);

#endif
