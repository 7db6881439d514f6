/* SPDX-License-Identifier: MIT */
/*
 * What is in force in the hart's mode, derived from its CSRs: regimes and TLB views, landing pads
 * and shadow stacks, whether FP instructions are legal. And fences, which make views forget.
 */
#ifndef CPU_MMU_VIEW_H
#define CPU_MMU_VIEW_H

#include "bus/base.h"

struct hart;

/* Re-derive regimes and views after a change of privilege, status, satp, envcfg or PMP. */
void hart_regime_changed(struct hart *hart);

/*
 * The hart's own views, after another regime's was selected: again the latest selected, so that
 * they are not the next to be replaced.
 */
void hart_select_views(struct hart *hart);

/* SFENCE.VMA and SINVAL.VMA of the stage in force; NULL where the operand is x0. */
void hart_sfence(struct hart *hart, const u64 *va, const u64 *asid);

/* HFENCE.VVMA: as SFENCE.VMA of the guest whose VMID is in hgatp. HFENCE.GVMA: of a VMID. */
void hart_hfence_vvma(struct hart *hart, const u64 *va, const u64 *asid);
void hart_hfence_gvma(struct hart *hart, const u64 *vmid);

/* PMP registers were written: no remembered right holds any more. */
void hart_pmp_changed(struct hart *hart);

#endif
