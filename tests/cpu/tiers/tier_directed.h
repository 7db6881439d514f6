/* SPDX-License-Identifier: MIT */
/*
 * Directed tests of the tiers: code that a test chooses runs in the interpreter, and also in
 * threaded code and then in native code, which must reach the same state.
 */
#ifndef TESTS_CPU_TIERS_TIER_DIRECTED_H
#define TESTS_CPU_TIERS_TIER_DIRECTED_H

#include "tests/cpu/tiers/tier_emit.h"
#include "tests/cpu/tiers/tier_machine.h"

/*
 * How many pages of RAM, from its start on, a test may write through the image after
 * directed_begin.
 */
#define DIRECTED_PAGES 8

/*
 * Runs a test three times: with the machine of threaded code, with that of native code, and with
 * that of native code for a host of x86-64-v2. All extensions are present. `harts` is the number of
 * harts.
 */
void directed_run(void (*test)(struct machines *machines), unsigned harts);

/*
 * DIRECTED(test) is the row of unit_tests for a test with one hart. cmocka's state of the row
 * contains the test, which directed_test runs.
 */
struct directed {
	void (*test)(struct machines *machines);
};
void directed_test(void **state);
#define DIRECTED(name) { #name, directed_test, NULL, NULL, &(struct directed){ name } }

/*
 * Restarts the machines: memory is zero; all harts are at the start of RAM in M-mode, with the FP
 * unit on, and PMP allows all accesses in all modes. Returns hart 0 of the first machine, whose
 * state the test then sets. `emit` writes code for addresses from `pc` on into the image of RAM.
 */
struct hart *directed_begin(struct machines *machines, struct emit *emit, u64 pc);

/*
 * Copies the first machine's state to the others, and runs hart 0 of all machines for `steps`
 * instructions. Fails the test if their states differ then.
 */
void directed_check(struct machines *machines, u64 steps);

/* Does the same with all harts, until `count` instructions have retired. */
void directed_check_all(struct machines *machines, u64 count);

#endif
