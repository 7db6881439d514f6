/* SPDX-License-Identifier: MIT */
/* The hart's triggers (Sdtrig), lent to S-mode (DBTR extension). */
#ifndef FIRMWARE_SBI_DBTR_H
#define FIRMWARE_SBI_DBTR_H

#include "firmware/sbi/sbi.h"

#define TRIGGERS_MAX 16

struct dbtr {
	u64 shmem; /* address of the caller's memory; 0: none */
	u64 installed; /* bit n: trigger n */
	u8 modes[TRIGGERS_MAX]; /* of installed ones when enabled, as trig_state has them */
};

/* Returns the number of triggers of this hart; TRIGGERS_MAX at most. */
u64 dbtr_find_triggers(void);

/* Uninstalls all triggers of this hart. */
void dbtr_reset(void);

#endif
