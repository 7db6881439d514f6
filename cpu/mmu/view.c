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

/* A mode, with all bits of mstatus and vsstatus on which its regimes depend, and its satp. */
struct mode {
	u64 bits, atp;
};

/* A guest's status and vsatp matter in M-mode as well if loads and stores may be the guest's. */
static ALWAYS_INLINE struct mode mode_now(const struct hart *hart)
{
	u64 bits = hart->priv | (u64)hart->virt << 2 | (hart->mstatus & STATUS_RIGHTS);
	unsigned bank = BANK_HS;

	if (hart->virt) {
		bits |= GUEST_RIGHTS(hart->s[BANK_VS].status);
		bank = BANK_VS;
	} else if (unlikely(hart->priv == PRIV_M && hart->mstatus & MSTATUS_MPRV) &&
		   trap_nmi_enabled(hart)) {
		bits |= (hart->mstatus & STATUS_MPRV) | GUEST_RIGHTS(hart->s[BANK_VS].status);
		bank = hart->mstatus & MSTATUS_MPV ? BANK_VS : BANK_HS;
	}
	return (struct mode){ bits, hart->s[bank].atp };
}

/* The modes of one address space are apart from each other, and spaces mostly are. */
static ALWAYS_INLINE struct mode_views *mode_slot(struct hart *hart, struct mode mode)
{
	u64 space = (mode.atp ^ mode.atp >> 44) & 7;

	return &hart->mode_views[((mode.bits & 7) | (mode.bits >> 15 & 8) | space << 4) %
				 MODE_VIEWS];
}

/* Returns whether the views are those of the mode, and ready for use. */
static ALWAYS_INLINE bool is_ready(const struct hart *hart, const struct mode_views *views,
				   struct mode mode)
{
	const struct tlb_view *fetch = views->fetch, *data = views->data;

	return views->mode == mode.bits && views->atp == mode.atp && views->epoch == hart->epoch &&
	       fetch->given == views->fetch_given && data->given == views->data_given &&
	       !(fetch->stale | fetch->jumps_stale | data->stale | data->jumps_stale);
}

/* Fills in the slot, and selects the views for the first time. */
static NOINLINE void derive_views(struct hart *hart, struct mode_views *views)
{
	const struct mode mode = mode_now(hart);
	struct regime fetch, data;

	regime_now(hart, &fetch, &data);
	derive_cfi(hart, views);
	views->mode = mode.bits;
	views->atp = mode.atp;
	views->fetch = tlb_select(hart->tlb, &fetch);
	views->data = tlb_select(hart->tlb, &data);
	views->fetch_given = views->fetch->given;
	views->data_given = views->data->given;
	views->epoch = hart->epoch;
}

void hart_mode_changed(struct hart *hart)
{
	const struct mode mode = mode_now(hart);
	struct mode_views *views = mode_slot(hart, mode);
	struct tlb *tlb = hart->tlb;

	if (unlikely(!is_ready(hart, views, mode)))
		derive_views(hart, views);
	hart->fetch = views->fetch;
	hart->data = views->data;
	/* The data's are the latest selected, as hart_select_views has it. */
	hart->fetch->selected = tlb->selections + 1;
	hart->data->selected = tlb->selections += 2;
	hart->fetch_regime = &hart->fetch->regime;
	hart->data_regime = &hart->data->regime;
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
