/* SPDX-License-Identifier: MIT */
/*
 * What a hart remembers of its traps: whether it only traps; and the last of them, for
 * explanations, which is no part of the machine's state. A trap that comes again and again with no
 * return in between is one record, so that what came before a trap loop is still there.
 */
#ifndef CPU_HART_TRAP_LOG_H
#define CPU_HART_TRAP_LOG_H

#include "cpu/hart/trap.h"

struct hart;

/*
 * To see that a hart only traps: the same trap at the same place with no xRET in between. Not
 * tval: a stack that runs down faults at another address each time.
 */
struct trap_streak {
	u64 cause, epc;
	u64 retired; /* instructions, at the last trap */
	u64 count;
	u64 barren; /* of these, how many in a row with no instruction retired in between */
};

/*
 * That many and the hart is dead, if no interrupt may end it (liveness.h). A program may handle its
 * traps without xRET, so that it takes many; nothing comes of a trap whose handler traps at its
 * first instruction.
 */
#define TRAP_STREAK_DEAD 10000000
#define TRAP_STREAK_BARREN 10000

/* The addresses of the handlers of non-maskable interrupts and of exceptions in those (Smrnmi). */
struct rnmi_vectors {
	u64 interrupt, exception;
};

struct trap_record {
	struct trap trap;
	u64 number; /* of the (last such) trap since reset, from 1 */
	u64 times; /* in a row */
	u64 retired; /* instructions of the hart by then */
	bool lost; /* nobody takes it: trap.from is where, there is no trap.to */
};

#define TRAP_LOG 32

struct trap_log {
	struct trap_record record[TRAP_LOG];
	u64 made; /* records since reset */
};

/* hart->trap was taken, or lost. */
void trap_log_add(struct hart *hart, bool lost);
void trap_log_clear(struct hart *hart);

/* These return how many records there are, and the one that is `back` before the last. */
unsigned trap_log_count(const struct trap_log *log);
const struct trap_record *trap_log_back(const struct trap_log *log, unsigned back);

#endif
