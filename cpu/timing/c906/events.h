/* SPDX-License-Identifier: MIT */
/* What of a C906 is counted in a cycle (../tally.h). */
#ifndef CPU_TIMING_C906_EVENTS_H
#define CPU_TIMING_C906_EVENTS_H

#include "cpu/timing/c906/core.h"

/* What some parts were doing as the cycle began. */
struct c906_before {
	bool fetches; /* a word is looked for in the instruction cache */
	u8 iutlb, dutlb; /* their states */
};

/* What the cycle is spent on, and what leaves in it. */
void c906_count_cycle(struct c906_core *core, const struct c906_wires *wires);

/* And then all that happened in it. */
void c906_count_events(struct c906_core *core, const struct c906_wires *wires,
		       const struct c906_before *before);

/* Cycles of sleep. */
void c906_count_sleep(struct c906_core *core, u64 cycles);

/*
 * So many cycles more that are as the last one was, before which so much had been counted: nothing
 * completes in them.
 */
void c906_count_idle(struct c906_core *core, const struct timing_tally *before, u64 cycles);

/* A record leaves in this cycle. */
void c906_count_leaving(struct timing_tally *tally, const struct timing_record *record, u64 cycle);

#endif
