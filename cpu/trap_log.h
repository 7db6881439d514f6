/* SPDX-License-Identifier: MIT */
/*
 * The last traps of a hart, for explanations; not part of the machine's state. A trap that comes
 * again and again with no return in between is one record, so that what came before a trap loop
 * is still there.
 */
#ifndef CPU_TRAP_LOG_H
#define CPU_TRAP_LOG_H

#include "cpu/trap.h"

struct hart;

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

/* How many there are; the one that is `back` before the last. */
unsigned trap_log_count(const struct trap_log *log);
const struct trap_record *trap_log_back(const struct trap_log *log, unsigned back);

#endif
