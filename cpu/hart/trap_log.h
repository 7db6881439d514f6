/* SPDX-License-Identifier: MIT */
/*
 * A hart's record of its traps. The streak tells whether the hart only traps. The log holds the
 * last traps for explanations, and is no part of the machine's state. Faults, which are all traps
 * but interrupts and environment calls, have their own part of it: the ticks of a timer and the
 * calls that print do not push out what went wrong. A fault that comes again is one record, so that
 * what came before a trap loop is still there, and so is a call, with no return in between.
 */
#ifndef CPU_HART_TRAP_LOG_H
#define CPU_HART_TRAP_LOG_H

#include "cpu/hart/trap.h"

struct hart;

/*
 * Counts how often the same trap came at the same place with no xRET in between, to see that a hart
 * only traps. The tval is not compared: a stack that runs down faults at another address each time.
 */
struct trap_streak {
	u64 cause, epc;
	u64 retired; /* retired instructions at the last trap */
	u64 count;
	u64 barren; /* traps in a row with no instruction retired before them */
};

/*
 * A hart is dead after so many traps, if no interrupt may end them (liveness.h). A program may
 * handle its traps without xRET, so the first number is large. The second is for traps whose
 * handler traps at its first instruction: nothing can come of those.
 */
#define TRAP_STREAK_DEAD 10000000
#define TRAP_STREAK_BARREN 10000

/* The addresses of the handlers of non-maskable interrupts and of exceptions in those (Smrnmi). */
struct rnmi_vectors {
	u64 interrupt, exception;
};

struct trap_record {
	struct trap trap;
	u64 number; /* of the trap, or the last of its repetitions, since reset, from 1 */
	u64 first; /* the number of the first of these */
	u64 times; /* how many there are */
	bool apart; /* returns or interrupts were between them */
	u8 left; /* modes that an xRET left between them (trap_log_mode) */
	u64 retired; /* the hart's retired instructions at the trap */
	bool lost; /* no handler takes it: trap.from is the place, trap.to is not set */
};

#define TRAP_LOG 32

struct trap_ring {
	struct trap_record record[TRAP_LOG];
	u64 made; /* records since reset */
};

struct trap_log {
	struct trap_ring calls, faults; /* interrupts are with the calls */
	u8 left; /* modes that an xRET left since the last fault */
};

/* Returns the bit of a mode in `left`. */
static inline u8 trap_log_mode(u8 priv, bool virt)
{
	return (u8)BIT(priv + 4 * virt);
}

/* Adds hart->trap, which was taken, or lost. */
void trap_log_add(struct hart *hart, bool lost);
void trap_log_clear(struct hart *hart);

/* Return how many records there are, and the one that is `back` before the last. */
unsigned trap_log_count(const struct trap_log *log);
const struct trap_record *trap_log_back(const struct trap_log *log, unsigned back);

/*
 * Return the last fault, what came before the first of a record's traps, and the record of a trap
 * by its number, which is any of several in a row, but only the first or the last of those that are
 * apart. NULL: there is none.
 */
const struct trap_record *trap_log_fault(const struct trap_log *log);
const struct trap_record *trap_log_before(const struct trap_log *log,
					  const struct trap_record *record);
const struct trap_record *trap_log_find(const struct trap_log *log, u64 number);

/*
 * Returns whether the last fault came again in the mode that takes it, from which no handler has
 * returned since it came first.
 */
bool trap_log_loops(const struct trap_log *log);

#endif
