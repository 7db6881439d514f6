/* SPDX-License-Identifier: MIT */
/*
 * The change of mode in the usual case, to be inlined: the views of the new mode are remembered
 * (hart/mode_views.h). hart_mode_changed does the same as a function.
 */
#ifndef CPU_MMU_VIEW_MODE_H
#define CPU_MMU_VIEW_MODE_H

#include "cpu/hart/hart.h"
#include "cpu/hart/exception.h"
#include "cpu/isa/csr_bits.h"
#include "cpu/mmu/tlb.h"
#include "cpu/mmu/view.h"

/*
 * Returns whether a unit, floating point or vectors, is on. For a guest both status registers must
 * turn it on. A hart without the unit never has FS or VS set.
 */
static ALWAYS_INLINE bool view_unit_on(const struct hart *hart, u64 field)
{
	return hart->mstatus & field && (!hart->virt || hart->s[BANK_VS].status & field);
}

/* Returns the bits of block_key for vectors. */
static inline u32 view_vector_key(const struct hart *hart)
{
	u64 vs = hart->mstatus & (hart->virt ? hart->s[BANK_VS].status : MSTATUS_VS);

	if (!view_unit_on(hart, MSTATUS_VS))
		return 0;
	return hart->vector.key | ((vs & MSTATUS_VS) == MSTATUS_VS ? BLOCK_KEY_V_DIRTY : 0);
}

static ALWAYS_INLINE u32 view_key_now(const struct hart *hart)
{
	return BLOCK_KEY_VALID | (view_unit_on(hart, MSTATUS_FS) ? BLOCK_KEY_FP : 0) |
	       (hart->frm != 0 ? BLOCK_KEY_RM : 0) | hart->native.timed |
	       (hart->mstatus & MSTATUS_VS ? view_vector_key(hart) : 0);
}

/*
 * A mode in a word: bits 1:0 the privilege, 2 V, 4:3 MXR and SUM of mstatus, 6:5 those of vsstatus.
 * If MPRV is in force, also 8:7 MPP, 9 MPV, and 10 is set.
 */
static ALWAYS_INLINE u64 view_rights(u64 status)
{
	_Static_assert((MSTATUS_SUM | MSTATUS_MXR) == 3ull << 18, "SUM and MXR are bits 19:18");
	return status >> 18 & 3;
}

/* A mode, with all bits of mstatus and vsstatus on which its regimes depend, and its satp. */
struct mode {
	u64 bits, atp;
};

/*
 * Returns whether MPRV may give loads and stores another mode, which only hart_find_views handles.
 */
static ALWAYS_INLINE bool view_is_modified(const struct hart *hart)
{
	return hart->priv == PRIV_M && hart->mstatus & MSTATUS_MPRV;
}

static ALWAYS_INLINE struct mode view_mode_now(const struct hart *hart)
{
	u64 bits = hart->priv | (u64)hart->virt << 2 | view_rights(hart->mstatus) << 3;

	if (hart->virt)
		return (struct mode){ bits | view_rights(hart->s[BANK_VS].status) << 5,
				      hart->s[BANK_VS].atp };
	return (struct mode){ bits, hart->s[BANK_HS].atp };
}

/*
 * Returns the slot of a mode. The modes of an address space have different slots, and so do most
 * spaces, because their tables are at different addresses.
 */
static ALWAYS_INLINE struct mode_views *view_slot(struct hart *hart, struct mode mode)
{
	return &hart->mode_views[((mode.bits & 15) | (mode.atp & 7) << 4) % MODE_VIEWS];
}

/* Puts the views in force. block_key is not changed here: of the mode, it depends on V only. */
static ALWAYS_INLINE void view_adopt(struct hart *hart, const struct mode_views *views)
{
	hart->fetch = views->fetch;
	hart->data = views->data;
	hart->fetch_regime = &views->fetch->regime;
	hart->data_regime = &views->data->regime;
	hart->lpe = views->lpe;
	hart->sse = views->sse;
}

/* Finds or derives the views of the mode, and puts them in force. Returns `pc`. */
u64 hart_find_views(struct hart *hart, u64 pc);

/*
 * Puts the views of the hart's mode in force. Returns `pc`, so that callers can end in a tail call.
 */
static ALWAYS_INLINE u64 view_mode_changed_at(struct hart *hart, u64 pc)
{
	const struct mode mode = view_mode_now(hart);
	const struct mode_views *views = view_slot(hart, mode);

	if (unlikely(views->mode != mode.bits || views->atp != mode.atp ||
		     views->changes != hart->tlb->changes || view_is_modified(hart)))
		return hart_find_views(hart, pc);
	view_adopt(hart, views);
	return pc;
}

static ALWAYS_INLINE void view_mode_changed(struct hart *hart)
{
	view_mode_changed_at(hart, 0);
}

#endif
