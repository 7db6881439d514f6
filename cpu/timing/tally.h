/* SPDX-License-Identifier: MIT */
/*
 * What a model has counted, event by event, and in which modes: parts of models count events in
 * the cycle in which they happen. An event is of the mode of the instruction that leaves next; one
 * of the cycle in which an instruction leaves is of the mode behind that, but what this cycle is
 * spent on is of the mode before it, as the cycle is.
 */
#ifndef CPU_TIMING_TALLY_H
#define CPU_TIMING_TALLY_H

#include "cpu/counters/event.h"
#include "cpu/timing/record.h"

struct state;

/*
 * Who adds up cycles instead of stepping them adds to `count` what they have added, but for
 * TIMING_CYCLES; he steps those in which a record leaves that changes the mode, or the last one.
 */
struct timing_tally {
	/* In all modes: never less than it was. TIMING_CYCLES is when the last one left. */
	u64 count[TIMING_EVENTS];
	/* Of a mode: the count at the ends of its spans, less that at their beginnings. */
	u64 spans[TIMING_MODES][TIMING_EVENTS];
	u8 mode; /* enum timing_mode: now, which is in a span */
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

/* Another mode, from here on. */
void timing_tally_enter(struct timing_tally *tally, enum timing_mode mode);

/*
 * The record leaves in this cycle, which has been told what it was spent on; what else happens in
 * the cycle is counted behind this. Shadows do not leave.
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

/* Nothing counted, in machine mode. */
void timing_tally_reset(struct timing_tally *tally);

void timing_tally_read(const struct timing_tally *tally, struct timing_counts *counts);

/* As part `name` of the machine. */
void timing_tally_register(struct timing_tally *tally, struct state *state, const char *name);

#endif
