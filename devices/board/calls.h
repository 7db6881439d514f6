/* SPDX-License-Identifier: MIT */
/* What tools ask of a machine whose harts are timed by a core: who called whom, at what cost. */
#ifndef DEVICES_BOARD_CALLS_H
#define DEVICES_BOARD_CALLS_H

#include "bus/base.h"

struct board;

/* A function in the context in which it was called. */
struct board_call {
	/* Index of who called it, which is lower; its own: it is a mode and no function. */
	unsigned parent;
	unsigned hart;
	char name[80]; /* of the function, or the page of addresses; of a mode "M", "S", "U" ... */
	u64 calls; /* how often it was called in this context */
	u64 self; /* events in it, without those in what it called */
};

/* The events that can be counted, by number from 0 on; NULL behind the last. */
const char *board_event_name(unsigned event);

/*
 * Have an event counted by who called whom: all of them, or with a period above 1 a sample for so
 * many. Before anything has run. 0, -ENOMEM, or -ENOTSUP without models.
 */
int board_count_calls(struct board *board, unsigned event, u64 period);

/* What was counted, of all harts, for the caller to free. NULL: no memory. */
struct board_call *board_calls(struct board *board, unsigned *count);

#endif
