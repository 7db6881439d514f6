/* SPDX-License-Identifier: MIT */
/*
 * Call profiles of a machine whose harts are timed by a core: callers and callees, with their
 * costs.
 */
#ifndef DEVICES_BOARD_CALLS_H
#define DEVICES_BOARD_CALLS_H

#include "bus/base.h"

struct board;

/* A function in the context of its callers. */
struct board_call {
	/* Index of the caller, which is lower; its own index: it is a mode and no function. */
	unsigned parent;
	unsigned hart;
	char name[80]; /* of the function, or a page of addresses; of a mode "M", "S", "U" ... */
	u64 calls; /* how often it was called in this context */
	u64 self; /* events in it, without those in its callees */
};

/* Returns the name of an event that can be counted, numbered from 0; NULL behind the last. */
const char *board_event_name(unsigned event);

/*
 * Counts an event by call context: all of its occurrences, or with a period above 1 one sample per
 * period. Call it before the machine runs. 0, -ENOMEM, or -ENOTSUP without models.
 */
int board_count_calls(struct board *board, unsigned event, u64 period);

/* Returns the counts of all harts, which the caller frees. NULL: no memory. */
struct board_call *board_calls(struct board *board, unsigned *count);

#endif
