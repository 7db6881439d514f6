/* SPDX-License-Identifier: MIT */
/*
 * A tally: the events that a model has counted, by mode. A model's units count events in the cycle
 * in which they happen. An event belongs to the mode of the instruction that retires next. In a
 * cycle in which an instruction retires, events belong to the mode after it; but the cycle itself
 * and its cause belong to the mode before.
 */
#ifndef CPU_TIMING_TALLY_H
#define CPU_TIMING_TALLY_H

#include "cpu/counters/event.h"
#include "cpu/timing/record.h"

struct state;

/*
 * A model that skips cycles adds the events of those cycles to `count`, except TIMING_CYCLES. It
 * steps the cycles in which a record retires that changes the mode, and the last cycle.
 */
struct timing_tally {
	/*
	 * The counts in all modes, which never decrease. TIMING_CYCLES is the cycle in which the
	 * last record retired.
	 */
	u64 count[TIMING_EVENTS];
	/*
	 * For each mode, the sum of `count` at the ends of its spans, minus the sum at their
	 * beginnings.
	 */
	u64 spans[TIMING_MODES][TIMING_EVENTS];
	u8 mode; /* enum timing_mode: the mode now, which is in a span */
};

_Static_assert(PMU_MODES == TIMING_MODES, "the modes of struct timing_counts");

static inline void timing_count(struct timing_tally *tally, enum timing_event event)
{
	tally->count[event]++;
}

static inline void timing_attribute(struct timing_tally *tally, enum timing_cause cause, u64 cycles)
{
	tally->count[TIMING_CPI + cause] += cycles;
}

/* Counts for another mode from now on. */
void timing_tally_enter(struct timing_tally *tally, enum timing_mode mode);

/*
 * Called when a record retires in this cycle, after the cycle's cause was attributed and before its
 * other events are counted. Shadows do not retire.
 */
static inline void timing_tally_retire(struct timing_tally *tally,
				       const struct timing_record *record, u64 cycle)
{
	enum timing_mode mode = timing_mode_of(record->after);
	u16 trap = record->flags & (TIMING_TRAP | TIMING_INTERRUPT);

	tally->count[TIMING_CYCLES] = cycle;
	tally->count[TIMING_INSTRUCTIONS] += !trap;
	tally->count[TIMING_TRAPPED] += trap == TIMING_TRAP;
	if (unlikely(mode != tally->mode))
		timing_tally_enter(tally, mode);
}

/* Sets all counts to 0, and the mode to machine mode. */
void timing_tally_reset(struct timing_tally *tally);

void timing_tally_read(const struct timing_tally *tally, struct timing_counts *counts);

/* Registers the tally as part `name` of the machine. */
void timing_tally_register(struct timing_tally *tally, struct state *state, const char *name);

#endif
