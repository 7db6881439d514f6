/* SPDX-License-Identifier: MIT */
/* The host's MXCSR (Intel 64 manual, volume 1, "MXCSR Control and Status Register"). */
#ifndef CPU_FPU_MXCSR_H
#define CPU_FPU_MXCSR_H

#include "bus/base.h"

/* The value that C assumes: round to nearest, all exceptions masked. */
#define MXCSR_DEFAULT 0x1f80u
#define MXCSR_FLAGS 0x3fu
/* The rounding mode's field begins at this bit. */
#define MXCSR_ROUNDING 13

/*
 * Returns the flags of MXCSR (invalid, denormal, divide-by-zero, overflow, underflow, precision) as
 * fflags.
 */
static inline u8 mxcsr_fflags(unsigned csr)
{
	return (u8)((csr & 1) << 4 | (csr & 4) << 1 | (csr & 8) >> 1 | (csr & 16) >> 3 |
		    (csr & 32) >> 5);
}

#endif
