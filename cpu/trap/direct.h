/* SPDX-License-Identifier: MIT */
/* Determines whether a hart may trap, return and continue without its run loop. */
#ifndef CPU_TRAP_DIRECT_H
#define CPU_TRAP_DIRECT_H

#include "cpu/hart/hart.h"

#include <string.h>

/*
 * Returns whether stop, yield, alert and traps_observed are all clear. Whatever changes one of the
 * last two also sets `stop`; the run loop computes them again and clears it.
 */
static ALWAYS_INLINE bool hart_is_direct(const struct hart *hart)
{
	u32 any;

	_Static_assert(offsetof(struct hart, traps_observed) == offsetof(struct hart, stop) + 3,
		       "they are four bytes");
	memcpy(&any, &hart->stop, sizeof(any));
	return !any;
}

#endif
