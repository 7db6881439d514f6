/* SPDX-License-Identifier: MIT */
/*
 * The views that are in force in a mode of a hart, remembered: a trap or a return then finds them,
 * and need not derive them again (mmu/view.c).
 */
#ifndef CPU_HART_MODE_VIEWS_H
#define CPU_HART_MODE_VIEWS_H

#include "bus/base.h"

struct tlb_view;

struct mode_views {
	u64 mode; /* privilege, V, and the bits of mstatus and vsstatus on which regimes depend */
	u64 atp; /* satp or vsatp */
	u64 changes; /* tlb->changes when the views were found to be right and ready for use */
	struct tlb_view *data, *fetch;
	u64 epoch; /* the hart's when it was derived; 0: never */
	u32 fetch_given, data_given; /* the views' then: they are still of these regimes */
	bool lpe, sse;
};

#endif
