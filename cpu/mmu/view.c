/* SPDX-License-Identifier: MIT */
/* Derives what is in force in the hart's mode from its CSRs (see view.h). */
#include "cpu/mmu/view.h"

#include "cpu/counters/pmu.h"
#include "cpu/hart/hart.h"
#include "cpu/isa/csr_bits.h"
#include "cpu/mmu/regime.h"
#include "cpu/mmu/tlb.h"

/* Both status words must let a guest use the floating-point unit. */
static bool fp_on(const struct hart *hart)
{
	return isa_has(hart->isa, EXT_f) && hart->mstatus & MSTATUS_FS &&
	       (!hart->virt || hart->s[BANK_VS].status & MSTATUS_FS);
}

/* Returns the environment configuration of a mode below M. */
static u64 envcfg_of(const struct hart *hart)
{
	if (hart->priv == PRIV_U && isa_has(hart->isa, EXT_s))
		return hart->senvcfg;
	return hart->virt ? hart->henvcfg : hart->menvcfg;
}

/* Derives which parts of control-flow integrity are in force (Zicfilp, Zicfiss). */
static void update_cfi(struct hart *hart)
{
	u64 envcfg = envcfg_of(hart);
	u64 granted = hart->virt ? hart->henvcfg : hart->menvcfg;

	if (hart->priv == PRIV_M) {
		hart->lpe = hart->mseccfg & MSECCFG_MLPE;
		hart->sse = false;
		return;
	}
	hart->lpe = envcfg & MENVCFG_LPE;
	hart->sse = isa_has(hart->isa, EXT_s) && (envcfg & granted & MENVCFG_SSE);
}

void hart_select_views(struct hart *hart)
{
	/* Fetch is first: with few views, selecting one may replace the other. */
	hart->fetch = tlb_select(hart->tlb, &hart->fetch_regime);
	hart->data = tlb_select(hart->tlb, &hart->data_regime);
}

u32 hart_block_key(const struct hart *hart)
{
	return BLOCK_KEY_VALID | (fp_on(hart) ? BLOCK_KEY_FP : 0) |
	       (hart->frm != 0 ? BLOCK_KEY_RM : 0);
}

void hart_regime_changed(struct hart *hart)
{
	update_cfi(hart);
	regime_now(hart, &hart->fetch_regime, &hart->data_regime);
	hart_select_views(hart);
	hart->block_key = hart_block_key(hart);
}

/*
 * Executes a fence of the first stage: of the host's own, or of the guest whose VMID is in hgatp.
 */
static void fence_stage1(struct hart *hart, bool virt, const u64 *va, const u64 *asid)
{
	const struct tlb_fence fence = {
		.virt = virt,
		.has_vmid = virt,
		.vmid = (u16)field_get(hart->hgatp, HGATP_VMID),
		.has_va = va,
		.va = va ? *va : 0,
		.has_asid = asid,
		.asid = asid ? (u16)*asid : 0,
	};

	tlb_flush(hart->tlb, &fence);
}

void hart_sfence(struct hart *hart, const u64 *va, const u64 *asid)
{
	hart_event(hart, PMU_fences);
	fence_stage1(hart, hart->virt, va, asid);
}

void hart_hfence_vvma(struct hart *hart, const u64 *va, const u64 *asid)
{
	hart_event(hart, PMU_fences);
	fence_stage1(hart, true, va, asid);
}

void hart_hfence_gvma(struct hart *hart, const u64 *vmid)
{
	const struct tlb_fence fence = {
		.virt = true,
		.g_stage = true,
		.has_vmid = vmid,
		.vmid = vmid ? *vmid & VMID_MAX : 0,
	};

	hart_event(hart, PMU_fences);
	tlb_flush(hart->tlb, &fence);
}

void hart_pmp_changed(struct hart *hart)
{
	tlb_flush_all(hart->tlb);
	hart_regime_changed(hart);
}
