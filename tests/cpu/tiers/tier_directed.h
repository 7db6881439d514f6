/* SPDX-License-Identifier: MIT */
/*
 * Directed tests of the tiers: code of the test's choice runs in the interpreter, and beside it in
 * threaded code and then in native code, which must come to the same state.
 */
#ifndef TESTS_CPU_TIERS_TIER_DIRECTED_H
#define TESTS_CPU_TIERS_TIER_DIRECTED_H

#include "tests/cpu/tiers/tier_emit.h"
#include "tests/cpu/tiers/tier_machine.h"

/* The pages of RAM that directed_begin lets a test write, by way of the image. */
#define DIRECTED_PAGES 8

/*
 * Runs a test with machines of each fast tier, and one of native code for a host of x86-64-v2; all
 * extensions are there, and so many harts.
 */
void directed_run(void (*test)(struct machines *machines), unsigned harts);

/*
 * DIRECTED(test) is the row of unit_tests for a test with one hart: cmocka's state of the row holds
 * the test, and directed_test runs it.
 */
struct directed {
	void (*test)(struct machines *machines);
};
void directed_test(void **state);
#define DIRECTED(name) { #name, directed_test, NULL, NULL, &(struct directed){ name } }

/*
 * Begins anew: memory is zero, all harts are in M-mode with the FP unit on, may access everything
 * in any mode, and are at the start of RAM. Returns hart 0 of the first machine, to be prepared;
 * the code is written into `emit`'s image from `pc` on.
 */
struct hart *directed_begin(struct machines *machines, struct emit *emit, u64 pc);

/* Runs hart 0 of all machines for so many steps from the state of the first; they must agree. */
void directed_check(struct machines *machines, u64 steps);

/* Runs all harts of all machines until so many instructions have retired; they must agree. */
void directed_check_all(struct machines *machines, u64 count);

#endif
