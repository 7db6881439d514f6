/* SPDX-License-Identifier: MIT */
/* The change of mode that traps and returns share, without counters and hooks. */
#ifndef CPU_TRAP_MODE_H
#define CPU_TRAP_MODE_H

#include "cpu/hart/hart.h"
#include "cpu/mmu/view_mode.h"

/*
 * Returns a pc and a mode in one number. The pc's three highest bits are lost, which are copies of
 * the next one.
 */
static inline u64 mode_at(u64 pc, u8 priv, bool virt)
{
	return pc << 3 | (u64)virt << 2 | priv;
}

/*
 * Sets *priv and *virt to the mode in such a number, if its pc is `pc`; otherwise leaves them
 * unchanged.
 */
static inline void mode_of(u64 at, u64 pc, u8 *priv, bool *virt)
{
	const u64 mode = at ^ mode_at(pc, 0, false);

	if (mode >> 3)
		return;
	*priv = mode & 3;
	*virt = mode >> 2;
}

/*
 * Notes the mode that is left, and the pc of the code that leaves it, before hart->pc changes. The
 * signal handler that samples the harts' pcs sees a complete note, and sees it before the new mode.
 */
static ALWAYS_INLINE void mode_note(struct hart *hart, u8 priv, bool virt)
{
	hart->mode_left = mode_at(hart->pc, priv, virt);
	__atomic_signal_fence(__ATOMIC_RELEASE);
}

/*
 * Changes the mode, after csr_synchronize_fp, and returns `pc`, so that the functions that it calls
 * can be tail calls. hart_set_mode does the same where counters or hooks take part. `from` is
 * hart->virt, for callers that know it.
 */
static ALWAYS_INLINE u64 mode_switch_from(struct hart *hart, bool from, u8 priv, bool virt, u64 pc)
{
	hart->priv = priv;
	hart->virt = virt;
	if (from != virt)
		hart->block_key = view_key_now(hart);
	return view_mode_changed_at(hart, pc);
}

static ALWAYS_INLINE u64 mode_switch_at(struct hart *hart, u8 priv, bool virt, u64 pc)
{
	return mode_switch_from(hart, hart->virt, priv, virt, pc);
}

static ALWAYS_INLINE void mode_switch(struct hart *hart, u8 priv, bool virt)
{
	mode_switch_at(hart, priv, virt, 0);
}

#endif
