/* SPDX-License-Identifier: MIT */
/* Features of its own hart's environment that S-mode may switch (FWFT extension). */
#ifndef FIRMWARE_SBI_FWFT_H
#define FIRMWARE_SBI_FWFT_H

#include "firmware/sbi/sbi.h"

/* A feature type of the specification, "FWFT Feature Types". */
#define FWFT_DOUBLE_TRAP 3

/* Finds out by trying which features this hart has: one bit per type. */
u32 fwft_find_features(void);

/* True while S-mode has double traps on, so that a trap into it sets sstatus.SDT. */
bool fwft_double_trap(void);

#endif
