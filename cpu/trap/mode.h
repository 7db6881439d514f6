/* SPDX-License-Identifier: MIT */
/* The change of mode that traps and returns have in common, without counters and hooks. */
#ifndef CPU_TRAP_MODE_H
#define CPU_TRAP_MODE_H

#include "cpu/hart/hart.h"
#include "cpu/mmu/view_mode.h"

/* A pc, of which the three highest bits are copies of the next one, and a mode, in one number. */
static inline u64 mode_at(u64 pc, u8 priv, bool virt)
{
	return pc << 3 | (u64)virt << 2 | priv;
}

/* Gets the mode of such a number, if it is of this pc. */
static inline void mode_of(u64 at, u64 pc, u8 *priv, bool *virt)
{
	const u64 mode = at ^ mode_at(pc, 0, false);

	if (mode >> 3)
		return;
	*priv = mode & 3;
	*virt = mode >> 2;
}

/*
 * Notes which code changes the mode, while hart->pc is still its. A signal handler that takes
 * samples of where harts are never sees half of it, nor the mode changed before it.
 */
static ALWAYS_INLINE void mode_note(struct hart *hart, u8 priv, bool virt)
{
	hart->mode_left = mode_at(hart->pc, priv, virt);
	__atomic_signal_fence(__ATOMIC_RELEASE);
}

/*
 * Changes the mode, after csr_synchronize_fp, and returns `pc`: where nothing follows, all that it
 * calls is a tail call. hart_set_mode does so where counters or hooks have part in it.
 */
static ALWAYS_INLINE u64 mode_switch_at(struct hart *hart, u8 priv, bool virt, u64 pc)
{
	bool other = hart->virt != virt;

	hart->priv = priv;
	hart->virt = virt;
	if (other)
		hart->block_key = view_key_now(hart);
	return view_mode_changed_at(hart, pc);
}

static ALWAYS_INLINE void mode_switch(struct hart *hart, u8 priv, bool virt)
{
	mode_switch_at(hart, priv, virt, 0);
}

#endif
