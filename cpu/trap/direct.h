/* SPDX-License-Identifier: MIT */
/* Whether the hart may trap, return and go on without its run loop. */
#ifndef CPU_TRAP_DIRECT_H
#define CPU_TRAP_DIRECT_H

#include "cpu/hart/hart.h"

#include <string.h>

/*
 * Returns whether none of stop, yield, alert and watched is set. All that changes the last two sets
 * `stop` as well, which the run loop clears.
 */
static ALWAYS_INLINE bool hart_is_direct(const struct hart *hart)
{
	u32 any;

	_Static_assert(offsetof(struct hart, watched) == offsetof(struct hart, stop) + 3,
		       "they are four bytes");
	memcpy(&any, &hart->stop, sizeof(any));
	return !any;
}

#endif
