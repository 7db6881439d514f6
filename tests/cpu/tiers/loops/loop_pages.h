/* SPDX-License-Identifier: MIT */
/*
 * Pages of data for loops, which are not in order in RAM: what is to be added to an address for the
 * host's is another number in each.
 */
#ifndef TESTS_CPU_TIERS_LOOPS_LOOP_PAGES_H
#define TESTS_CPU_TIERS_LOOPS_LOOP_PAGES_H

#include "tests/cpu/tiers/tier_directed.h"

/* The address of the first page, and how many there are. */
#define LOOP_DATA (256 * PAGE_SIZE)
#define LOOP_PAGES 16

/* An address plus this is of the same page. */
#define LOOP_FAR (1ull << 32)

/*
 * Begins anew, as directed_begin does, in S-mode at address 0, with random data in those pages.
 * Returns hart 0 of the first machine, to be prepared; the code is written by `emit`.
 */
struct hart *loop_begin(struct machines *machines, struct emit *emit, u64 *seed);

/* Emits what counts the steps that are left, so that an error in their number is seen. */
void loop_count_rest(struct emit *emit, unsigned reg);

#endif
