/* SPDX-License-Identifier: MIT */
/*
 * Call profiles of a machine whose harts are timed by a core: functions by their callers, with
 * costs.
 */
#ifndef DEVICES_BOARD_CALLS_H
#define DEVICES_BOARD_CALLS_H

#include "bus/base.h"

struct board;

/* A function with its callers, that is, in one context. */
struct board_call {
	/* The index of the caller, which is lower; its own index: it is a mode and no function. */
	unsigned parent;
	unsigned hart;
	/* the function's name, or a page of addresses; for a mode "M", "S", "U" ... */
	char name[80];
	bool nameless; /* no symbol and no line of source is that of its addresses */
	u64 begin; /* where the function, or the page, begins */
	u64 site; /* where it was first called in this context; 0: it was jumped to */
	u64 calls; /* how often it was called in this context */
	u64 self; /* events in it, without those in its callees */
};

/* Events at an instruction in a context. */
struct board_call_place {
	unsigned call; /* index of the context */
	u64 pc, self;
};

struct board_calls {
	struct board_call *calls;
	struct board_call_place *places; /* of some or all events of the calls */
	unsigned count, place_count;
	bool full; /* no further contexts fitted: their events are those of the callers */
};

/* Returns the name of the n-th event, from 0, that can be counted; NULL after the last. */
const char *board_event_name(unsigned event);

/*
 * Counts an event by context and, with by_place, by instruction: each occurrence or, with a period
 * above 1, one sample per period. Must be called before the machine runs. Returns 0, -ENOMEM, or
 * -ENOTSUP if harts have no timing models.
 */
int board_count_calls(struct board *board, unsigned event, u64 period, bool by_place);

/* Gets the counts of all harts. Returns 0, or -ENOMEM with nothing to free. */
int board_calls(struct board *board, struct board_calls *calls);
void board_calls_free(struct board_calls *calls);

#endif
