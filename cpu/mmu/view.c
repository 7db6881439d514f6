/* SPDX-License-Identifier: MIT */
/* Derives what is in force in the hart's mode from its CSRs (see view.h). */
#include "cpu/mmu/view_mode.h"

#include "cpu/counters/pmu.h"
#include "cpu/hart/hart.h"
#include "cpu/isa/csr_bits.h"
#include "cpu/mmu/regime.h"
#include "cpu/mmu/tlb.h"

/* Returns the register that configures the hart's mode, if that is below M. */
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
	return view_key_now(hart);
}

void hart_forget_code(struct hart *hart, const struct tlb_range *blocks)
{
	tlb_forget_code(hart->tlb, blocks);
	tlb_refresh(hart->fetch);
	tlb_refresh(hart->data);
}

void hart_time_native(struct hart *hart, u32 key, struct timing_prices *prices)
{
	if (hart->native.timed == key && hart->native.prices == prices)
		return;
	hart->native.timed = key;
	hart->native.prices = prices;
	/* This makes the run loop check again what takes part in traps. */
	hart->traps_observed = true;
	hart->block_key = view_key_now(hart);
	hart_forget_code(hart, &(struct tlb_range){ 0, UINT64_MAX });
}

/* Returns whether the views are still those of the mode. */
static bool is_of_mode(const struct hart *hart, const struct mode_views *views, struct mode mode)
{
	return views->mode == mode.bits && views->atp == mode.atp && views->epoch == hart->epoch &&
	       (u32)views->fetch->given == views->fetch_given &&
	       (u32)views->data->given == views->data_given;
}

/* Fills in the slot, and selects the views for the first time. */
static void derive_views(struct hart *hart, struct mode_views *views, struct mode mode)
{
	struct regime fetch, data;

	regime_now(hart, &fetch, &data);
	derive_cfi(hart, views);
	views->mode = mode.bits;
	views->atp = mode.atp;
	views->fetch = tlb_select(hart->tlb, &fetch);
	views->data = tlb_select(hart->tlb, &data);
	views->fetch_given = (u32)views->fetch->given;
	views->data_given = (u32)views->data->given;
	views->epoch = hart->epoch;
}

/*
 * Adds MPRV to a mode: loads and stores of M-mode are then those of another mode, which may be the
 * guest's.
 */
static void modify_mode(const struct hart *hart, struct mode *mode)
{
	bool virt = hart->mstatus & MSTATUS_MPV;

	mode->bits |= view_rights(hart->s[BANK_VS].status) << 5 | BIT(10) | (u64)virt << 9 |
		      field_get(hart->mstatus, MSTATUS_MPP) << 7;
	mode->atp = hart->s[virt ? BANK_VS : BANK_HS].atp;
}

NOINLINE u64 hart_find_views(struct hart *hart, u64 pc)
{
	struct mode mode = view_mode_now(hart);
	struct mode_views *views;

	if (view_is_modified(hart) && trap_nmi_enabled(hart))
		modify_mode(hart, &mode);
	views = view_slot(hart, mode);
	if (!is_of_mode(hart, views, mode))
		derive_views(hart, views, mode);
	tlb_refresh(views->fetch);
	tlb_refresh(views->data);
	/*
	 * view_mode_changed_at() does not note that views are selected. It is enough that this
	 * function does, once after each change (tlb->changes): only when a view is given to
	 * another regime does it matter which ones were selected last, and that is a change.
	 */
	views->fetch->selected = views->data->selected = ++hart->tlb->selections;
	views->changes = hart->tlb->changes;
	view_adopt(hart, views);
	return pc;
}

void hart_mode_changed(struct hart *hart)
{
	view_mode_changed(hart);
	hart->block_key = view_key_now(hart);
}

void hart_regime_changed(struct hart *hart)
{
	hart->epoch++;
	hart->tlb->changes++;
	hart_mode_changed(hart);
}

void hart_pmp_changed(struct hart *hart)
{
	tlb_flush_all(hart->tlb);
	hart_regime_changed(hart);
}
