/* SPDX-License-Identifier: MIT */
/*
 * Random programs that never end and cannot get lost: a chain of units, each of which names the
 * next one in a register before it does anything, and trap handlers that go on there. Units
 * compute, loop, touch private and shared memory, devices and CSRs, change mode, address space,
 * page tables and code, sleep, and interrupt other harts; timers interrupt all of it.
 */
#ifndef TESTS_CPU_TIERS_TIER_PROGRAM_H
#define TESTS_CPU_TIERS_TIER_PROGRAM_H

#include "tests/cpu/tiers/tier_random.h"

#define PROGRAM_HARTS_MAX 4

/* The programs' device pages map two devices, msip, mtimecmp, and mtime at 0xff8. */
#define PROGRAM_DEVICES 5
extern const u64 program_devices[PROGRAM_DEVICES];

/*
 * Make what programs with and without guests have in common: data of all harts, a routine of nops
 * and small ones per hart, which return by x26; and a hart's state except its page tables.
 */
void program_shared(struct machines *machines, u64 *seed);
void program_start(struct machines *machines, unsigned hart, u64 *seed);

/*
 * Fills the machines' memory with programs for its harts, commits it, and starts the harts of all
 * machines in them.
 */
void program_make(struct machines *machines, u64 seed);

#endif
