/* SPDX-License-Identifier: MIT */
/* The events of a C906 that are counted in a cycle (../tally.h). */
#ifndef CPU_TIMING_C906_EVENTS_H
#define CPU_TIMING_C906_EVENTS_H

#include "cpu/timing/c906/core.h"

/* The state of some units when the cycle began. */
struct c906_before {
	bool fetches; /* a word is looked for in the instruction cache */
	u8 iutlb, dutlb; /* their states */
};

/* Attributes the cycle to its cause, and retires the instructions that end in it. */
void c906_count_cycle(struct c906_core *core, const struct c906_wires *wires);

/* Counts all events of the cycle; called after c906_count_cycle. */
void c906_count_events(struct c906_core *core, const struct c906_wires *wires,
		       const struct c906_before *before);

/* Counts cycles of sleep. */
void c906_count_sleep(struct c906_core *core, u64 cycles);

/*
 * Counts `cycles` more cycles like the last one, in which nothing completes; `before` has the
 * counts before that one.
 */
void c906_count_idle(struct c906_core *core, const struct timing_tally *before, u64 cycles);

/* Counts a record that retires in this cycle. */
void c906_count_retired(struct timing_tally *tally, const struct timing_record *record, u64 cycle);

#endif
