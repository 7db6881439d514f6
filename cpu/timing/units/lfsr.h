/* SPDX-License-Identifier: MIT */
/*
 * The linear feedback shift register by which caches choose what to replace: 8 bits, one step for
 * each choice. It has Galois form with the taps of common_cells' lfsr.sv for that width, and begins
 * with all ones.
 */
#ifndef CPU_TIMING_UNITS_LFSR_H
#define CPU_TIMING_UNITS_LFSR_H

#include "bus/base.h"

#define LFSR_TAPS 0xfa

#define UNITS "cpu/timing/units/state/lfsr.def"
#include "cpu/timing/fields/structs.inc"

static inline void lfsr_reset(struct lfsr *lfsr)
{
	lfsr->bits = 0xff;
}

/* Returns the present choice among `count` (a power of two up to 256). */
static inline unsigned lfsr_choice(const struct lfsr *lfsr, unsigned count)
{
	return lfsr->bits & (count - 1);
}

static inline void lfsr_step(struct lfsr *lfsr)
{
	lfsr->bits = (u8)(lfsr->bits >> 1 ^ (lfsr->bits & 1 ? LFSR_TAPS : 0));
}

#endif
