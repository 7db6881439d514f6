/* SPDX-License-Identifier: MIT */
/*
 * Decides where execution continues when a tier leaves its code: in the run loop, or in the tier
 * again.
 */
#ifndef CPU_ENGINE_LEAVE_H
#define CPU_ENGINE_LEAVE_H

#include "cpu/hart/hart.h"
#include "cpu/mmu/tlb.h"
#include "cpu/trap/direct.h"
#include "cpu/trap/trap.h"

/*
 * Called when a tier has left its code with *left. Takes the trap, if it is one. Returns whether
 * the tier continues at hart->pc, because the run loop would only call it again; if not, the tier
 * returns *left to the run loop.
 */
bool tier_continues(struct hart *hart, enum hart_exit *left);

/*
 * Returns whether a tier may execute a part of a block, up to the end of the slice. Otherwise it
 * executes single instructions there, because a hook must be called between two of them.
 */
static inline bool tier_parts(const struct hart *hart)
{
	return !(hart->hooks.at_point || hart->hooks.slice);
}

/*
 * Called after an instruction that changes state, or after a trap was taken. Returns whether the
 * tier continues at hart->pc, as tier_continues does.
 */
static ALWAYS_INLINE bool tier_stays(struct hart *hart)
{
	if (!hart_is_direct(hart) || hart->steps >= hart->limit || hart->waiting || hart->elp)
		return false;
	tlb_refresh(hart->data);
	tlb_refresh(hart->fetch);
	return true;
}

#endif
