/* SPDX-License-Identifier: MIT */
/* The way on when a tier leaves its code: to the run loop, or to more of the tier's code. */
#ifndef CPU_ENGINE_LEAVE_H
#define CPU_ENGINE_LEAVE_H

#include "cpu/hart/hart.h"
#include "cpu/mmu/tlb.h"
#include "cpu/trap/direct.h"
#include "cpu/trap/trap.h"

/*
 * A tier has left its code with *left: takes the trap, if it was one. Returns true if the tier is
 * to go on at hart->pc, because the run loop would do nothing but call it again; else the tier
 * returns *left to the run loop.
 */
bool tier_goes_on(struct hart *hart, enum hart_exit *left);

/*
 * Returns whether a tier may run the part of a block that the slice still has. Else it executes one
 * instruction, because a hook looks at the hart between two.
 */
static inline bool tier_parts(const struct hart *hart)
{
	return !(hart->hooks.look || hart->hooks.slice);
}

/*
 * An instruction that changes state is done, or a trap was taken: returns whether the tier goes on
 * at hart->pc, as tier_goes_on does.
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
