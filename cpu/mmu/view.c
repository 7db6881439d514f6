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
static void derive_cfi(const struct hart *hart, struct mode_views *views)
{
	u64 envcfg = envcfg_of(hart);
	u64 granted = hart->virt ? hart->henvcfg : hart->menvcfg;

	if (hart->priv == PRIV_M) {
		views->lpe = hart->mseccfg & MSECCFG_MLPE;
		views->sse = false;
		return;
	}
	views->lpe = envcfg & MENVCFG_LPE;
	views->sse = isa_has(hart->isa, EXT_s) && (envcfg & granted & MENVCFG_SSE);
}

void hart_select_views(struct hart *hart)
{
	/* Fetch is first: with few views, selecting one may replace the other. */
	hart->fetch = tlb_select(hart->tlb, hart->fetch_regime);
	hart->data = tlb_select(hart->tlb, hart->data_regime);
}

u32 hart_block_key(const struct hart *hart)
{
	return BLOCK_KEY_VALID | (fp_on(hart) ? BLOCK_KEY_FP : 0) |
	       (hart->frm != 0 ? BLOCK_KEY_RM : 0);
}

#define STATUS_RIGHTS (MSTATUS_SUM | MSTATUS_MXR)
#define STATUS_MPRV (MSTATUS_MPRV | MSTATUS_MPV | MSTATUS_MPP)
/* A guest's rights, in bits that no other part of mode_now has. */
#define GUEST_RIGHTS(status) (((status) & STATUS_RIGHTS) << 4)

/*
 * Returns the mode, with all bits of mstatus and vsstatus on which its regimes depend. Those of a
 * guest matter in M-mode as well if loads and stores may be the guest's.
 */
static u64 mode_now(const struct hart *hart)
{
	u64 mode = hart->priv | (u64)hart->virt << 2 | (hart->mstatus & STATUS_RIGHTS);

	if (hart->virt)
		return mode | GUEST_RIGHTS(hart->s[BANK_VS].status);
	if (hart->priv != PRIV_M || !(hart->mstatus & MSTATUS_MPRV) || !trap_nmi_enabled(hart))
		return mode;
	return mode | (hart->mstatus & STATUS_MPRV) | GUEST_RIGHTS(hart->s[BANK_VS].status);
}

/* Returns the satp that decides in that mode: the guest's also for MPRV with MPV. */
static u64 atp_of(const struct hart *hart, u64 mode)
{
	bool virt = mode & (MSTATUS_MPV | 4);

	return hart->s[virt ? BANK_VS : BANK_HS].atp;
}

/* The modes of one address space are apart from each other, and spaces mostly are. */
static struct mode_views *mode_slot(struct hart *hart, u64 mode, u64 atp)
{
	u64 space = (atp ^ atp >> 44 ^ atp >> 7) & 7;

	return &hart->mode_views[((mode & 7) | (mode >> 15 & 8) | space << 4) % MODE_VIEWS];
}

static NOINLINE void derive_views(struct hart *hart, struct mode_views *views)
{
	struct regime fetch, data;

	regime_now(hart, &fetch, &data);
	derive_cfi(hart, views);
	views->fetch = tlb_select(hart->tlb, &fetch);
	views->data = tlb_select(hart->tlb, &data);
	views->fetch_given = views->fetch->given;
	views->data_given = views->data->given;
	views->epoch = hart->epoch;
}

/* Does what tlb_select does for the regime that the view has. */
static ALWAYS_INLINE void select_again(struct tlb *tlb, struct tlb_view *view)
{
	view->selected = ++tlb->selections;
	tlb_refresh(view);
}

void hart_mode_changed(struct hart *hart)
{
	u64 mode = mode_now(hart), atp = atp_of(hart, mode);
	struct mode_views *views = mode_slot(hart, mode, atp);

	if (likely(views->mode == mode && views->atp == atp && views->epoch == hart->epoch &&
		   views->fetch->given == views->fetch_given &&
		   views->data->given == views->data_given)) {
		select_again(hart->tlb, views->fetch);
		select_again(hart->tlb, views->data);
	} else {
		views->mode = mode;
		views->atp = atp;
		derive_views(hart, views);
	}
	hart->fetch = views->fetch;
	hart->data = views->data;
	hart->fetch_regime = &views->fetch->regime;
	hart->data_regime = &views->data->regime;
	hart->lpe = views->lpe;
	hart->sse = views->sse;
	hart->block_key = hart_block_key(hart);
}

void hart_regime_changed(struct hart *hart)
{
	hart->epoch++;
	hart_mode_changed(hart);
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
