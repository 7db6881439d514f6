/* SPDX-License-Identifier: MIT */
/* The timer of S-mode: stimecmp where the hart has it (Sstc), else the CLINT's and STIP. */
#ifndef FIRMWARE_SBI_TIMER_H
#define FIRMWARE_SBI_TIMER_H

#include "firmware/sbi/sbi.h"

u64 timer_now(void);

/* No timer interrupt pending on this hart, none to come. */
void timer_reset(void);

/* M-mode's timer interrupt: passes it on to S-mode. */
void timer_expire(void);

struct sbi_ret timer_call(const u64 *arg);

#endif
