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
	bool nameless; /* no symbol and no line of source is that of its addresses */
	u64 begin; /* where it begins; of a page, where the page does */
	u64 site; /* where it was called first in this context; 0: it was jumped to */
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
};

/* Returns the name of an event that can be counted, numbered from 0; NULL behind the last. */
const char *board_event_name(unsigned event);

/*
 * Counts an event by call context, and if asked for by place: all of its occurrences, or with a
 * period above 1 one sample per period. Call it before the machine runs. 0, -ENOMEM, or -ENOTSUP
 * without models.
 */
int board_count_calls(struct board *board, unsigned event, u64 period, bool by_place);

/* Takes the counts of all harts. 0, or -ENOMEM with nothing to free. */
int board_calls(struct board *board, struct board_calls *calls);
void board_calls_free(struct board_calls *calls);

#endif
