/* SPDX-License-Identifier: MIT */
/* The work of trap_log_add, as a part of functions. */
#ifndef CPU_HART_TRAP_LOG_NOTE_H
#define CPU_HART_TRAP_LOG_NOTE_H

#include "cpu/hart/hart.h"
#include "cpu/hart/trap_log.h"

static ALWAYS_INLINE struct trap_record *trap_log_slot(struct trap_log *log, u64 n)
{
	return &log->record[n % TRAP_LOG];
}

/* Returns whether the trap is the last one once more. */
static ALWAYS_INLINE bool trap_log_repeats(const struct hart *hart, const struct trap_record *last)
{
	const struct trap *trap = &hart->trap;

	return !(trap->cause & CAUSE_INTERRUPT) && last->trap.cause == trap->cause &&
	       last->trap.from == trap->from && last->trap.from_priv == trap->from_priv &&
	       last->trap.from_virt == trap->from_virt;
}

static ALWAYS_INLINE void trap_log_note(struct hart *hart, bool lost, u64 retired)
{
	struct trap_log *log = &hart->log;
	struct trap_record *record;
	u64 times = 1;

	if (unlikely(hart->streak.count > 1) && log->made &&
	    trap_log_repeats(hart, trap_log_slot(log, log->made - 1)))
		times += trap_log_slot(log, --log->made)->times;
	record = trap_log_slot(log, log->made++);
	record->trap = hart->trap;
	record->number = hart->traps + lost;
	record->times = times;
	record->retired = retired;
	record->lost = lost;
}

#endif
