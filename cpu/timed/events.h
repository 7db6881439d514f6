/* SPDX-License-Identifier: MIT */
/* The events that the model of a timed hart has counted, by modes. See timed.h. */
#ifndef CPU_TIMED_EVENTS_H
#define CPU_TIMED_EVENTS_H

#include "cpu/timed/timed.h"

/*
 * The events since reset by the modes they happened in, as timed_cycles sees them; or,
 * between two instructions, as far as the model has come by itself (timing_events_behind).
 */
void timed_events(struct timed *timed, struct timing_counts *counts);
void timed_events_behind(struct timed *timed, struct timing_counts *counts);

/* The events of what has retired since it was accounted for, where the model counts at all. */
void timed_modes(struct timed *timed, struct timing_counts *counts);

/*
 * Clear: there are none so far. Close: the events until now stay whatever becomes of the model,
 * which is about to begin to count, or to end. Begin: it has begun. And the last one is called when
 * the hart is about to change its mode.
 */
void timed_events_clear(struct timed *timed);
void timed_events_close(struct timed *timed);
void timed_events_begin(struct timed *timed);
void timed_leave_mode(struct timed *timed);

#endif
