/* SPDX-License-Identifier: MIT */
/*
 * Lookahead: the instructions that a hart would execute next, found without executing them. A
 * pipeline is ahead of the instructions that are known to be executed when an instruction reads the
 * time, and it has begun the shadows of an instruction that traps. Only registers of a copy of the
 * hart are changed, so a lookahead ends where more would be needed.
 */
#ifndef CPU_TIMED_LOOKAHEAD_H
#define CPU_TIMED_LOOKAHEAD_H

#include "cpu/hart/hart.h"
#include "cpu/timing/record.h"

/*
 * Fills in at most `count` records of the instructions after `skipped`, whose result is taken as
 * unknown, or from the hart's pc on if it is NULL. Returns how many it filled in.
 */
unsigned lookahead(const struct hart *hart, const struct timing_record *skipped,
		   struct timing_record *records, unsigned count);

#endif
