/* SPDX-License-Identifier: MIT */
/*
 * The number of instructions that a timed hart runs without checking the time. Computing the time
 * is expensive, but an event should happen when the hart is at the first instruction that retires
 * in the event's cycle or later.
 */
#ifndef CPU_TIMED_AHEAD_H
#define CPU_TIMED_AHEAD_H

#include "cpu/timed/timed.h"

/* The most instructions that any modelled core completes in a cycle. */
#define TIMED_PER_CYCLE 2

/*
 * Returns the number of instructions to execute before the time is compared with `until` again, in
 * nanoseconds of the machine's time; 0 if the hart has reached it. However long they take
 * (timing_most), only the last of them may retire in the cycle of `until` or later; none does if
 * the next instructions are known by lookahead (lookahead.h).
 */
u64 timed_steps(struct timed *timed, u64 until);

/*
 * Called when FENCE.I or SFENCE.VMA was executed: it, or the next instruction because of it, may
 * take longer than timing_most() returns. The hart leaves its tier, and the time is computed after
 * each instruction until that one is done.
 */
void timed_fence(struct timed *timed);

/* Returns approximately the number that timed_steps returns; it may be too small or too large. */
u64 timed_steps_about(struct timed *timed, u64 until);

/* Returns whether the hart has reached the time `ns`. */
bool timed_reaches(struct timed *timed, u64 ns);

/*
 * Returns the highest number that timed_steps, timed_steps_about and timed_steps_before_interrupt
 * return for `ns` nanoseconds.
 */
u64 timed_steps_most(const struct timed *timed, u64 ns);

/*
 * Called when an interrupt that is to be taken is visible from `ns` on, a time that the hart has
 * reached. Returns how many instructions retire before it is taken, at most HART_HELD_MAX.
 */
unsigned timed_steps_before_interrupt(struct timed *timed, u64 ns);

/* Begins to measure a new pace; the hart's cycles begin at 0. */
void timed_pace_reset(struct timed *timed);
void timed_pace_idle(struct timed *timed, u64 cycles);
bool timed_pace_loaded(const struct timed *timed); /* whether the loaded values are possible */

#endif
