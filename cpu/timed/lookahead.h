/* SPDX-License-Identifier: MIT */
/*
 * Lookahead: the instructions that a hart would do next, found without doing them. A pipeline is
 * ahead of what is known to have been executed where an instruction asks for the time, and it has
 * begun on the shadows of an instruction that traps. Only registers of a copy of the hart are
 * changed, so the lookahead ends where more would be needed.
 */
#ifndef CPU_TIMED_LOOKAHEAD_H
#define CPU_TIMED_LOOKAHEAD_H

#include "cpu/hart/hart.h"
#include "cpu/timing/record.h"

/*
 * Fills in at most `count` records of the instructions behind `skipped`, what that one writes being
 * unknown, or from the hart's pc on when it is NULL. Returns how many.
 */
unsigned lookahead(const struct hart *hart, const struct timing_record *skipped,
		   struct timing_record *records, unsigned count);

#endif
