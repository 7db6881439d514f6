/* SPDX-License-Identifier: MIT */
/*
 * Control-flow integrity: landing pads (Zicfilp) and shadow stacks (Zicfiss). It depends on the
 * mode which of them are in force. walk.c protects the pages of shadow stacks.
 */
#ifndef CPU_ENGINE_CFI_H
#define CPU_ENGINE_CFI_H

#include "cpu/hart/hart.h"

/* Returns whether a jump through rs1 is neither a return nor a software-guarded branch. */
static inline bool cfi_needs_pad(unsigned rs1)
{
	return rs1 != 1 && rs1 != 5 && rs1 != 7;
}

/*
 * Called for an indirect jump through register rs1: if landing pads are in force, requires the next
 * instruction to be one.
 */
void cfi_expect(struct hart *hart, unsigned rs1);

/*
 * Called while ELP is set: returns whether `raw`, which was fetched from pc, is a landing pad with
 * the right label, and clears ELP. If it is none, the trap is filled in, and ELP stays set.
 */
bool cfi_land(struct hart *hart, u32 raw);

/*
 * Each tier calls this before its first instruction; what sets ELP returns to the run loop, so no
 * later instruction needs it. Returns false with the trap filled in if a landing pad is expected
 * and is not there. The run loop cannot do this for all tiers: a debugger may stop before the
 * instruction, and in the observing tier a trigger may fire, and ELP must stay set then.
 */
bool cfi_land_here(struct hart *hart);
static inline bool cfi_lands(struct hart *hart)
{
	return likely(!hart->elp) || cfi_land_here(hart);
}

/*
 * Execute SSPUSH, SSPOPCHK and SSAMOSWAP; return false with the trap filled in. Where the first two
 * are may-be-operations (Zimop), they do nothing and return true.
 */
bool cfi_push(struct hart *hart, u64 value);
bool cfi_pop_check(struct hart *hart, u64 value);
bool cfi_swap(struct hart *hart, u64 va, unsigned size, u64 *value);

/*
 * Checks that SSAMOSWAP may be executed, which requires access to ssp; returns false with the trap
 * filled in.
 */
bool cfi_check_swap(struct hart *hart, u32 raw);

#endif
