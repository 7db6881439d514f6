/* SPDX-License-Identifier: MIT */
/*
 * Pages of data for loops. Pages that are consecutive in virtual memory are not consecutive in RAM,
 * so the addend (the difference to the host's address) is different in each page.
 */
#ifndef TESTS_CPU_TIERS_LOOPS_LOOP_PAGES_H
#define TESTS_CPU_TIERS_LOOPS_LOOP_PAGES_H

#include "tests/cpu/tiers/tier_directed.h"

/* The address of the first page, and the number of pages. */
#define LOOP_DATA (256 * PAGE_SIZE)
#define LOOP_PAGES 16

/* An address plus this is mapped to the same physical page. */
#define LOOP_FAR (1ull << 32)

/*
 * An address plus this has the same entry in a TLB view, but is mapped to another page. One of four
 * such pages has no right to write, and one is not dirty, so stores to them trap.
 */
#define LOOP_RIVAL (TLB_ENTRIES_MAX * PAGE_SIZE)

/*
 * Restarts the machines, as directed_begin does, in S-mode at address 0, with random data in those
 * pages. Returns hart 0 of the first machine, whose state the test then sets. `emit` writes the
 * code.
 */
struct hart *loop_begin(struct machines *machines, struct emit *emit, u64 *seed);

/* Lets the code run in U-mode, which may then access all pages of code and of data. */
void loop_in_user_mode(struct hart *hart, const struct emit *emit);

/*
 * Emits an endless loop that counts in a register how many steps are left when a test's code has
 * ended, so that an error in the number of steps is found.
 */
void loop_count_rest(struct emit *emit, unsigned reg);

#endif
