/* SPDX-License-Identifier: MIT */
/* Decides whether a tier that has left its code goes back to the run loop (see leave.h). */
#include "cpu/engine/leave.h"

#include "cpu/mmu/tlb.h"
#include "cpu/trap/trap.h"

/* The run loop sets `direct` and `alert`; all that changes either later sets `stop` as well. */
bool tier_goes_on(struct hart *hart, enum hart_exit *left)
{
	if (!hart->direct || hart->stop || hart->alert)
		return false;
	if (*left == EXIT_TRAP) {
		trap_take(hart);
		*left = EXIT_NEXT;
	}
	if (hart->steps >= hart->limit || hart->stop || hart->waiting || hart->elp)
		return false;
	tlb_refresh(hart->data);
	tlb_refresh(hart->fetch);
	return true;
}
