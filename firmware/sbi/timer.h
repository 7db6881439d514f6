/* SPDX-License-Identifier: MIT */
/*
 * The timer of S-mode: stimecmp where the hart has it (Sstc), else the CLINT's mtimecmp and STIP.
 */
#ifndef FIRMWARE_SBI_TIMER_H
#define FIRMWARE_SBI_TIMER_H

#include "firmware/sbi/sbi.h"

u64 timer_now(void);

/* Clears this hart's timer interrupt and its deadline. */
void timer_reset(void);

/* Serves M-mode's timer interrupt: passes it on to S-mode. */
void timer_expire(void);

struct sbi_ret timer_call(const u64 *arg);

#endif
