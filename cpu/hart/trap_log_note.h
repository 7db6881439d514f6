/* SPDX-License-Identifier: MIT */
/* The parts of trap_log_add, to be inlined. */
#ifndef CPU_HART_TRAP_LOG_NOTE_H
#define CPU_HART_TRAP_LOG_NOTE_H

#include "cpu/hart/hart.h"
#include "cpu/hart/trap_log.h"

static ALWAYS_INLINE struct trap_record *trap_ring_slot(struct trap_ring *ring, u64 n)
{
	return &ring->record[n % TRAP_LOG];
}

/* Returns whether a cause is a fault: neither an interrupt nor an environment call. */
static ALWAYS_INLINE bool trap_is_fault(u64 cause)
{
	_Static_assert(CAUSE_ECALL_M - CAUSE_ECALL_U == 3, "these are four in a row");
	return !(cause & CAUSE_INTERRUPT) && cause - CAUSE_ECALL_U > 3;
}

/* Returns whether hart->trap repeats the last record. */
static ALWAYS_INLINE bool trap_log_repeats(const struct hart *hart, const struct trap_record *last)
{
	const struct trap *trap = &hart->trap;

	return last->trap.from == trap->from && last->trap.cause == trap->cause &&
	       last->trap.from_priv == trap->from_priv && last->trap.from_virt == trap->from_virt;
}

/*
 * Adds hart->trap. `fault` is trap_is_fault() of it, which callers know. Only in a streak does it
 * look for the repetition of a call: few calls repeat without a return.
 */
static ALWAYS_INLINE void trap_log_note(struct hart *hart, bool lost, u64 retired, bool fault)
{
	struct trap_ring *ring = fault ? &hart->log.faults : &hart->log.calls;
	const bool streak = hart->streak.count > 1;
	const u64 number = hart->traps + lost;
	struct trap_record *record = NULL;

	if ((fault || unlikely(streak)) && likely(ring->made))
		record = trap_ring_slot(ring, ring->made - 1);
	if (record && trap_log_repeats(hart, record)) {
		record->times++;
		record->lost = lost;
		record->apart |= !streak;
		record->left |= hart->log.left;
	} else {
		record = trap_ring_slot(ring, ring->made++);
		record->first = number;
		record->times = 1;
		record->lost = lost;
		record->apart = false;
		record->left = 0;
	}
	if (fault)
		hart->log.left = 0;
	record->trap = hart->trap;
	record->number = number;
	record->retired = retired;
}

#endif
