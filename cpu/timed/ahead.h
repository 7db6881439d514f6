/* SPDX-License-Identifier: MIT */
/*
 * How far a timed hart goes on by itself. What time it is costs something to ask, and an event
 * should find the hart at the first instruction that leaves in its cycle or behind it.
 */
#ifndef CPU_TIMED_AHEAD_H
#define CPU_TIMED_AHEAD_H

#include "cpu/timed/timed.h"

/* No core that there is a model of completes more instructions in a cycle. */
#define TIMED_PER_CYCLE 2

/*
 * Instructions to do before the time is asked for again; none: the hart is there. `until` is where
 * it is to be, in nanoseconds of the machine's time. So few that none but the last of them leaves
 * in its cycle or behind it, however long they take (timing_most), or none does if what comes next
 * is known by looking ahead (lookahead.h).
 */
u64 timed_steps(struct timed *timed, u64 until);

/*
 * FENCE.I or SFENCE.VMA was done, which may take longer than timing_most() says, or the next
 * instruction because of it: the hart leaves off, and until that one is done the time is asked.
 */
void timed_fence(struct timed *timed);

/* Returns the same number, which may be somewhat too small or too large. */
u64 timed_steps_about(struct timed *timed, u64 until);

/* Is it there? */
bool timed_reaches(struct timed *timed, u64 ns);

/* More than that it never says for so many nanoseconds. */
u64 timed_steps_most(const struct timed *timed, u64 ns);

/*
 * An interrupt that is to be taken shows from `ns` on, which the hart has reached: how many
 * instructions leave before it is taken. At most HART_HELD_MAX.
 */
unsigned timed_behind(struct timed *timed, u64 ns);

/* The pace is another one: begin to find out which. The hart's cycles begin at 0. */
void timed_pace_reset(struct timed *timed);
void timed_pace_idle(struct timed *timed, u64 cycles);
bool timed_pace_loaded(const struct timed *timed); /* could it be so? */

#endif
