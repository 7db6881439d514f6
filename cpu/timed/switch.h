/* SPDX-License-Identifier: MIT */
/*
 * When a hart's model counts: from reset, from a place on, or while it is told to. Where it does
 * not, an instruction is a cycle.
 */
#ifndef CPU_TIMED_SWITCH_H
#define CPU_TIMED_SWITCH_H

#include "cpu/timed/timed.h"

/*
 * After hart_reset, at `now` ns of the machine's time: the model begins anew when
 * the hart comes to `from`, as a core that has just been reset there; at once where it is.
 */
void timed_reset(struct timed *timed, u64 now);
void timed_from(struct timed *timed, u64 from);

/* It has come there. */
void timed_begin(struct timed *timed);

/*
 * Between two instructions: another phase. A model that begins to count, or to be warmed, is that
 * of a core that has just been reset, in the hart's state. TIMED_KEEPS needs timed_keep before,
 * with the instructions that are kept: 0 or -ENOMEM.
 */
void timed_switch(struct timed *timed, enum timed_phase phase);
int timed_keep(struct timed *timed, u64 instructions);

/* A model that has just been attached: off, and the hart's time is `now` ns. */
void timed_continue(struct timed *timed, u64 now);

/* All that was counted since reset. */
struct timed_sum timed_measured(struct timed *timed);

#endif
