/* SPDX-License-Identifier: MIT */
/* What the model of a timed hart has counted, by modes. See timed.h. */
#ifndef CPU_TIMED_EVENTS_H
#define CPU_TIMED_EVENTS_H

#include "cpu/timed/timed.h"

/*
 * Events since reset by the modes they happened in, as timed_cycles sees them; or,
 * between two instructions, as far as the model has come by itself (timing_events_behind).
 */
void timed_events(struct timed *timed, struct timing_counts *counts);
void timed_events_behind(struct timed *timed, struct timing_counts *counts);

/* Of what has left since somebody accounts for it, where the model counts at all. */
void timed_modes(struct timed *timed, struct timing_counts *counts);

/*
 * None so far; those until now stay whatever becomes of the model, which is about to begin to
 * count, or to end; it has begun. And the hart is about to change its mode.
 */
void timed_events_clear(struct timed *timed);
void timed_events_close(struct timed *timed);
void timed_events_begin(struct timed *timed);
void timed_leave_mode(struct timed *timed);

#endif
