/* SPDX-License-Identifier: MIT */
/* Features that S-mode may set for the hart on which it runs (FWFT extension). */
#ifndef FIRMWARE_SBI_FWFT_H
#define FIRMWARE_SBI_FWFT_H

#include "firmware/sbi/sbi.h"

/* A feature type of the specification, "FWFT Feature Types". */
#define FWFT_DOUBLE_TRAP 3

/* Returns which features this hart has, one bit per type. It finds out by trying to set them. */
u32 fwft_find_features(void);

/* Returns whether S-mode has switched on double traps, so that a trap into it sets sstatus.SDT. */
bool fwft_double_trap(void);

#endif
