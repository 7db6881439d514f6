/* SPDX-License-Identifier: MIT */
/*
 * The number of instructions that a timed hart runs without a look at the time. Finding out the
 * time is expensive, and an event should find the hart at the first instruction that retires in its
 * cycle or later.
 */
#ifndef CPU_TIMED_AHEAD_H
#define CPU_TIMED_AHEAD_H

#include "cpu/timed/timed.h"

/* No core for which there is a model completes more instructions in a cycle. */
#define TIMED_PER_CYCLE 2

/*
 * Returns the instructions to execute before the time is compared with `until` again, in
 * nanoseconds of the machine's time; 0 if the hart has reached it. They are so few that only the
 * last of them may retire in its cycle or later, however long they take (timing_most); none does if
 * the next instructions are known by lookahead (lookahead.h).
 */
u64 timed_steps(struct timed *timed, u64 until);

/*
 * FENCE.I or SFENCE.VMA was executed: it, or the next instruction because of it, may take longer
 * than timing_most() says. The hart leaves its tier, and the time is computed after each
 * instruction until that one is done.
 */
void timed_fence(struct timed *timed);

/* Returns the same number approximately, which may be too small or too large. */
u64 timed_steps_about(struct timed *timed, u64 until);

/* Returns whether the hart has reached the time `ns`. */
bool timed_reaches(struct timed *timed, u64 ns);

/* Returns the highest number of instructions that the others return for so many nanoseconds. */
u64 timed_steps_most(const struct timed *timed, u64 ns);

/*
 * An interrupt that is to be taken is visible from `ns` on, which the hart has reached. Returns how
 * many instructions retire before it is taken, at most HART_HELD_MAX.
 */
unsigned timed_steps_before_interrupt(struct timed *timed, u64 ns);

/* Begins to measure a new pace; the hart's cycles begin at 0. */
void timed_pace_reset(struct timed *timed);
void timed_pace_idle(struct timed *timed, u64 cycles);
bool timed_pace_loaded(const struct timed *timed); /* are the loaded values possible? */

#endif
