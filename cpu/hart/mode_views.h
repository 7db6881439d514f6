/* SPDX-License-Identifier: MIT */
/*
 * The views that were in force in a mode of a hart, so that a trap or a return finds them and need
 * not derive them again (mmu/view.c).
 */
#ifndef CPU_HART_MODE_VIEWS_H
#define CPU_HART_MODE_VIEWS_H

#include "bus/base.h"

struct tlb_view;

struct mode_views {
	u64 mode; /* privilege, V, and the bits of mstatus and vsstatus on which regimes depend */
	u64 atp; /* satp or vsatp */
	u64 changes; /* tlb->changes when the views were last found to be right and ready for use */
	struct tlb_view *data, *fetch;
	u64 epoch; /* hart->epoch when the views were derived; 0: never */
	/* `given` of the views then: if it is equal, they still have these regimes */
	u32 fetch_given, data_given;
	bool lpe, sse;
};

#endif
