/* SPDX-License-Identifier: MIT */
/*
 * Switches a hart's model on and off: it counts from reset, from a pc on, or in regions. While it
 * does not count, an instruction is a cycle.
 */
#ifndef CPU_TIMED_SWITCH_H
#define CPU_TIMED_SWITCH_H

#include "cpu/timed/timed.h"

/*
 * Must be called after hart_reset, at `now` ns of the machine's time. The model starts as a core
 * that was just reset, when the hart comes to `from`; at once if it is there.
 */
void timed_reset(struct timed *timed, u64 now);
void timed_from(struct timed *timed, u64 from);

/* Called when the hart has come to `from`. */
void timed_begin(struct timed *timed);

/*
 * Changes the phase, between two instructions. A model that begins to count, or to be warmed up, is
 * that of a core whose caches, TLBs and predictors are empty, in the hart's state. TIMED_KEEPS
 * needs a call of timed_keep before, with the number of instructions that are kept; it returns 0 or
 * -ENOMEM.
 */
void timed_switch(struct timed *timed, enum timed_phase phase);
int timed_keep(struct timed *timed, u64 instructions);

/* Switches the model off, and sets all counts to 0. */
void timed_forget(struct timed *timed);

/*
 * Sets up a model that has just been attached: it is off, the hart's time is `now` ns, and its
 * cycles are `cycles`.
 */
void timed_continue(struct timed *timed, u64 now, u64 cycles);

/* Returns all that was counted since reset, or since it was forgotten. */
struct timed_sum timed_measured(struct timed *timed);

#endif
