/* SPDX-License-Identifier: MIT */
/*
 * The views of the hart's current mode, derived from its CSRs: regimes and TLB views, landing pads
 * and shadow stacks, and whether FP instructions are legal.
 */
#ifndef CPU_MMU_VIEW_H
#define CPU_MMU_VIEW_H

#include "bus/base.h"

struct hart;
struct timing_prices;
struct tlb_range;

/*
 * Selects the views after a change of privilege, V, mstatus, vsstatus, satp or vsatp: mode_views
 * are looked up by these values.
 */
void hart_mode_changed(struct hart *hart);

/* Derives regimes and views again after a change of anything else on which they depend. */
void hart_regime_changed(struct hart *hart);

/* Returns the value that block_key should have now. */
u32 hart_block_key(const struct hart *hart);

/*
 * Makes all views of the hart forget these blocks, and the entries of their native code, because
 * the memory of the blocks or of the code will be reused.
 */
void hart_forget_code(struct hart *hart, const struct tlb_range *blocks);

/*
 * Sets the work of native code for a timing model from now on: BLOCK_KEY_PRICED: it adds up prices
 * in `prices`, which is NULL otherwise; BLOCK_KEY_NOTED: it notes runs; 0: nothing. A change makes
 * views forget code.
 */
void hart_time_native(struct hart *hart, u32 key, struct timing_prices *prices);

/*
 * Selects the views of the hart's mode again after those of another regime, so that they were used
 * last and are not replaced next.
 */
void hart_select_views(struct hart *hart);

/* Called after PMP registers were written: no right in the TLB is valid any more. */
void hart_pmp_changed(struct hart *hart);

#endif
