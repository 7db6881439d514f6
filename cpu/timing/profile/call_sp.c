/* SPDX-License-Identifier: MIT */
/* Finding the stack pointer; see call_sp.h. */
#include "cpu/timing/profile/call_sp.h"

#include "cpu/timing/profile/call_stacks.h"

#include <string.h>

void call_sp_clear(struct call_sp *sp)
{
	memset(sp, 0, sizeof(*sp));
	sp->value = CALLS_NO_SP;
}

/* Returns the entry for a place in memory; another place may have it. */
static struct call_sp_saved *entry_of(struct call_sp *sp, u64 va)
{
	return &sp->saved[(va >> 3) * 0x9e3779b97f4a7c15ull >> 32 & (CALL_SP_SAVED - 1)];
}

static u64 loaded(struct call_sp *sp, u64 va, enum timing_mode mode, u64 space)
{
	const struct call_sp_saved *saved = entry_of(sp, va);
	bool found = saved->va == va && saved->mode == mode && saved->space == space;

	return found && saved->value != CALLS_NO_SP ? saved->value : CALLS_OTHER_SP;
}

void call_sp_follow(struct call_sp *sp, const struct timing_record *record,
		    const struct call_insn *insn, enum timing_mode mode, u64 space)
{
	if ((insn->flags & CALL_SP_BASE) && record->flags & (TIMING_LOAD | TIMING_STORE))
		sp->value = record->va - (u64)(s64)insn->offset;
	if (insn->flags & CALL_SP_SAVES)
		*entry_of(sp, record->va) = (struct call_sp_saved){
			.va = record->va, .space = space, .value = sp->value, .mode = (u8)mode,
		};
	if ((insn->flags & CALL_SP_ADDS) && sp->value < CALLS_OTHER_SP)
		sp->value += (u64)(s64)insn->add;
	if (insn->flags & CALL_SP_LOADS)
		sp->value = loaded(sp, record->va, mode, space);
	if (insn->flags & CALL_SP_LOSES)
		sp->value = CALLS_NO_SP;
	if (insn->flags & CALL_RETURNS_FROM_TRAP)
		sp->value = record->c;
}
