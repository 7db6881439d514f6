/* SPDX-License-Identifier: MIT */
/*
 * Handles a difference of two machines in lockstep: returns them to their last common state, finds
 * the instruction, prints its effects in both, and writes a reproducer file. Private to the board's
 * files, as is struct compare.
 */
#ifndef DEVICES_BOARD_COMPARE_DIFFER_H
#define DEVICES_BOARD_COMPARE_DIFFER_H

#include "bus/state.h"

struct board;

struct compare {
	struct board *tested, *reference; /* the reference is owned */
	struct state_image common; /* the last common state; empty if it could not be saved */
	u64 at; /* instructions retired at the common state */
	u64 agreed; /* instructions retired when the machines last agreed */
	u64 limit; /* the limit that the frontend set */
	bool differ; /* a difference was found, so the run is over */
};

/*
 * compare_differ returns whether the machines differ in anything but memory, or in pages written
 * since compare_mark was called, when they were equal. compare_memory_differs compares all memory.
 */
void compare_mark(struct compare *compare);
bool compare_differ(const struct compare *compare);
bool compare_memory_differs(const struct compare *compare);

/* Prints the difference to config.log_file. Afterwards neither machine can run. */
void differ_explain(struct compare *compare);

#endif
