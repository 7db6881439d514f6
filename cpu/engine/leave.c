/* SPDX-License-Identifier: MIT */
/* Decides whether a tier that has left its code returns to the run loop (see leave.h). */
#include "cpu/engine/leave.h"

bool tier_continues(struct hart *hart, enum hart_exit *left)
{
	if (!hart_is_direct(hart))
		return false;
	if (*left == EXIT_TRAP) {
		trap_take(hart);
		*left = EXIT_NEXT;
	}
	return tier_stays(hart);
}
