/* SPDX-License-Identifier: MIT */
/*
 * A hart whose model only adds up prices (timing_is_priced): instead of noting runs, the tier adds
 * up the sums that were computed when blocks were decoded. The model takes sums and records of a
 * mode in any order, so neither has to wait for the other.
 */
#ifndef CPU_TIMED_PRICES_H
#define CPU_TIMED_PRICES_H

#include "cpu/timing/price.h"

struct timed;

/*
 * Returns whether prices are added up now: not if an account needs the cycles of each instruction.
 */
bool timed_adds_prices(const struct timed *timed);

/* Must be called before the tier adds up prices of blocks in the hart's current mode. */
void timed_prices_begin(struct timed *timed);

/*
 * Gives the model the sums of the instructions done so far, including those of the running block.
 * `reads_time`: an instruction reads the time, and is itself counted as done if it reads a CSR.
 */
void timed_prices_give(struct timed *timed, bool reads_time);

/* Called when the instruction at the hart's pc, or its fetch, traps (hart->trap). */
void timed_prices_trap(struct timed *timed);

#endif
