/* SPDX-License-Identifier: MIT */
/* The hart's triggers (Sdtrig), which S-mode may use through the DBTR extension. */
#ifndef FIRMWARE_SBI_DBTR_H
#define FIRMWARE_SBI_DBTR_H

#include "firmware/sbi/sbi.h"

#define TRIGGERS_MAX 16

struct dbtr {
	u64 shmem; /* address of the caller's memory; 0: none */
	u64 installed; /* bit n: trigger n */
	/* of installed triggers: the modes in which each fires when enabled, as in trig_state */
	u8 modes[TRIGGERS_MAX];
};

/* Returns the number of triggers of this hart; TRIGGERS_MAX at most. */
u64 dbtr_find_triggers(void);

/* Uninstalls all triggers of this hart. */
void dbtr_reset(void);

#endif
