/* SPDX-License-Identifier: MIT */
/*
 * A tally has the events that a model has counted, by mode. A model's units count events in the
 * cycle in which they happen. An event belongs to the mode of the instruction that retires next;
 * one of the cycle in which an instruction retires belongs to the mode behind it, but this cycle
 * itself and its cause belong to the mode before.
 */
#ifndef CPU_TIMING_TALLY_H
#define CPU_TIMING_TALLY_H

#include "cpu/counters/event.h"
#include "cpu/timing/record.h"

struct state;

/*
 * A model that adds up cycles instead of stepping them adds what they have counted to `count`, but
 * for TIMING_CYCLES. It steps those in which a record retires that changes the mode, and the last
 * one.
 */
struct timing_tally {
	/*
	 * The counts in all modes, which never fall. TIMING_CYCLES is when the last record retired.
	 */
	u64 count[TIMING_EVENTS];
	/* For each mode: the count at the ends of its spans, less that at their beginnings. */
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

/* Count for another mode from here on. */
void timing_tally_enter(struct timing_tally *tally, enum timing_mode mode);

/*
 * The record retires in this cycle, whose cause has been attributed before; other events of the
 * cycle are counted after this. Shadows do not retire.
 */
static inline void timing_tally_leave(struct timing_tally *tally,
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

/* Set all counts to 0, and the mode to machine mode. */
void timing_tally_reset(struct timing_tally *tally);

void timing_tally_read(const struct timing_tally *tally, struct timing_counts *counts);

/* Register the tally as part `name` of the machine. */
void timing_tally_register(struct timing_tally *tally, struct state *state, const char *name);

#endif
