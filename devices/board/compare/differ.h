/* SPDX-License-Identifier: MIT */
/*
 * The steps after two machines in lockstep differ: they return to their last common state, the
 * instruction is found, its effects in both are printed, and a reproducer file is written. Private
 * to the board's files, as is struct compare.
 */
#ifndef DEVICES_BOARD_COMPARE_DIFFER_H
#define DEVICES_BOARD_COMPARE_DIFFER_H

#include "bus/state.h"

struct board;

struct compare {
	struct board *tested, *reference; /* the reference is owned */
	struct state_image common; /* the last common state; empty: it could not be kept */
	u64 at; /* instructions at the common state */
	u64 agreed; /* instructions when they last agreed */
	u64 limit; /* the limit that the frontend set */
	bool differ; /* the run is over */
};

/*
 * compare_differ returns whether the machines differ in anything but memory, or in the pages
 * written since compare_mark, when they were equal. compare_memory_differs compares all memory.
 */
void compare_mark(struct compare *compare);
bool compare_differ(const struct compare *compare);
bool compare_memory_differs(const struct compare *compare);

/* Prints the difference to config.log_file. Afterwards neither machine can run. */
void differ_explain(struct compare *compare);

#endif
