/* SPDX-License-Identifier: MIT */
/*
 * What is done when two machines in lockstep differ: go back to their last common state, find the
 * instruction, say what it did in each, and leave a file to begin from again. Private to the
 * board's files, as is struct compare.
 */
#ifndef DEVICES_BOARD_COMPARE_DIFFER_H
#define DEVICES_BOARD_COMPARE_DIFFER_H

#include "bus/state.h"

struct board;

struct compare {
	struct board *tested, *judge; /* the judge is owned */
	struct state_image common; /* what both were in; empty: it could not be kept */
	u64 at; /* instructions then */
	u64 agreed; /* instructions when they were last seen to agree */
	u64 limit; /* the frontend's */
	bool differ; /* the run is over */
};

/*
 * Do they differ, by hashes of all but memory and of the pages written since compare_mark, before
 * which they were equal? And by all of their memory?
 */
void compare_mark(struct compare *compare);
bool compare_differ(const struct compare *compare);
bool compare_memory_differs(const struct compare *compare);

/* Say all there is to say on config.log_file. Neither machine can run on afterwards. */
void differ_explain(struct compare *compare);

#endif
