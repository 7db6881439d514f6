/* SPDX-License-Identifier: MIT */
/*
 * Random programs that never end: a chain of units, each of which stores the address of the next
 * one in a register before it does anything else, and trap handlers that continue at that address,
 * so that a program always finds its way. Units compute, loop, access private and shared memory,
 * devices and CSRs, change mode, address space, page tables and code, sleep, and interrupt other
 * harts. Timers interrupt all of this.
 */
#ifndef TESTS_CPU_TIERS_TIER_PROGRAM_H
#define TESTS_CPU_TIERS_TIER_PROGRAM_H

#include "tests/cpu/tiers/tier_random.h"

#define PROGRAM_HARTS_MAX 4

/*
 * The device pages of programs map the two devices, msip, mtimecmp, and mtime (at 0xff8 of its
 * page).
 */
#define PROGRAM_DEVICES 5
extern const u64 program_devices[PROGRAM_DEVICES];

/*
 * Make the parts that programs with and without guests share. program_shared makes the data of all
 * harts, a routine of no-ops, and small routines for each hart; they return to x26. program_start
 * sets a hart's state, except its page tables.
 */
void program_shared(struct machines *machines, u64 *seed);
void program_start(struct machines *machines, unsigned hart, u64 *seed);

/*
 * Fills the machines' memory with a program for each hart, commits it, and lets the harts of all
 * machines start there.
 */
void program_make(struct machines *machines, u64 seed);

#endif
