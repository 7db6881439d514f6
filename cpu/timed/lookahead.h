/* SPDX-License-Identifier: MIT */
/*
 * What a hart would do next, told without doing it: a pipeline is ahead of what is known to have
 * been executed where an instruction asks for the time, and behind one that traps. Only registers
 * on a copy are changed, so it ends where more would be needed.
 */
#ifndef CPU_TIMED_LOOKAHEAD_H
#define CPU_TIMED_LOOKAHEAD_H

#include "cpu/hart/hart.h"
#include "cpu/timing/record.h"

/*
 * The instructions behind `skipped`, what it writes being unknown, or from the hart's pc on when
 * that is NULL: at most `count` records. How many.
 */
unsigned lookahead(const struct hart *hart, const struct timing_record *skipped,
		   struct timing_record *records, unsigned count);

#endif
