/* SPDX-License-Identifier: MIT */
/* The change of mode that traps and returns have in common, without counters and hooks. */
#ifndef CPU_TRAP_MODE_H
#define CPU_TRAP_MODE_H

#include "cpu/hart/hart.h"
#include "cpu/mmu/view_mode.h"

/*
 * Changes the mode, after csr_settle_fp. hart_set_mode does so where counters or hooks have part in
 * it.
 */
static ALWAYS_INLINE void mode_switch(struct hart *hart, u8 priv, bool virt)
{
	bool other = hart->virt != virt;

	hart->priv = priv;
	hart->virt = virt;
	view_mode_changed(hart);
	if (other)
		hart->block_key = view_key_now(hart);
}

/* Does the same where nothing follows, and returns `pc`: all that it calls is a tail call. */
static ALWAYS_INLINE u64 mode_switch_at(struct hart *hart, u8 priv, bool virt, u64 pc)
{
	bool other = hart->virt != virt;

	hart->priv = priv;
	hart->virt = virt;
	if (other)
		hart->block_key = view_key_now(hart);
	return view_mode_changed_at(hart, pc);
}

#endif
