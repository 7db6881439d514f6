/* SPDX-License-Identifier: MIT */
/*
 * The actions when two machines in lockstep differ: go back to their last common state, find the
 * instruction, print its effect in each, and write a reproducer file. Private to the board's files,
 * as is struct compare.
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
	u64 limit; /* the frontend's */
	bool differ; /* the run is over */
};

/*
 * compare_differ compares all but memory, and the pages written since compare_mark, before which
 * they were equal; compare_memory_differs compares all of their memory.
 */
void compare_mark(struct compare *compare);
bool compare_differ(const struct compare *compare);
bool compare_memory_differs(const struct compare *compare);

/* Prints the difference on config.log_file. Neither machine can run on afterwards. */
void differ_explain(struct compare *compare);

#endif
