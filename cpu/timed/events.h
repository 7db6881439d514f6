/* SPDX-License-Identifier: MIT */
/* The events that the model of a timed hart has counted, by modes (see timed.h). */
#ifndef CPU_TIMED_EVENTS_H
#define CPU_TIMED_EVENTS_H

#include "cpu/timed/timed.h"

/*
 * Store the events since reset, by the modes in which they happened: as timed_cycles sees them; or,
 * between two instructions, as far as the model has come by itself (timing_events_so_far).
 */
void timed_events(struct timed *timed, struct timing_counts *counts);
void timed_events_so_far(struct timed *timed, struct timing_counts *counts);

/* Stores the events since reset of the instructions that retired while the model counted. */
void timed_modes(struct timed *timed, struct timing_counts *counts);

/*
 * timed_events_clear sets the events to none. timed_events_close keeps the events until now; it is
 * called when the model is about to begin or end counting. timed_events_begin is called when it has
 * begun, timed_leave_mode when the hart is about to change its mode.
 */
void timed_events_clear(struct timed *timed);
void timed_events_close(struct timed *timed);
void timed_events_begin(struct timed *timed);
void timed_leave_mode(struct timed *timed);

#endif
