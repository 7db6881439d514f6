/* SPDX-License-Identifier: MIT */
/*
 * Call profiles of a machine whose harts are timed by a core: a tree of functions and their
 * callers, with counts of an event.
 */
#ifndef DEVICES_BOARD_CALLS_H
#define DEVICES_BOARD_CALLS_H

#include "bus/base.h"

struct board;

/* A node of the tree: a function in one context, that is, with one chain of callers. */
struct board_call {
	/*
	 * The index of the caller's node, which is lower. A root has its own index: it is no
	 * function, but stands for a mode.
	 */
	unsigned parent;
	unsigned hart;
	/* the function's name, or the range of its page; for a mode "M", "S", "U" ... */
	char name[80];
	bool nameless; /* symbols and lines of source at its addresses are those of other code */
	u64 begin; /* address at which the function, or the page, begins */
	u64 site; /* address of its first call in this context; 0: it was jumped to */
	u64 calls; /* how often it was called in this context */
	u64 self; /* events in the function itself, without its callees */
};

/* The events at one instruction in a context. */
struct board_call_place {
	unsigned call; /* index of the context */
	u64 pc, self;
};

struct board_calls {
	struct board_call *calls;
	/* where some or all of the events were counted; may be empty */
	struct board_call_place *places;
	unsigned count, place_count;
	bool full; /* no further contexts fitted: their events are those of the callers */
};

/* Returns the name of the n-th event, from 0, that can be counted; NULL after the last. */
const char *board_event_name(unsigned event);

/*
 * Begins to count an event by context and, with by_place, also by instruction. It counts each
 * occurrence or, with a period above 1, takes one sample per period. Must be called before the
 * machine runs. Returns 0, -ENOMEM, or -ENOTSUP if harts have no timing models.
 */
int board_count_calls(struct board *board, unsigned event, u64 period, bool by_place);

/*
 * Gets the counts of all harts, which the caller frees by board_calls_free. Returns 0, or -ENOMEM
 * with nothing to free.
 */
int board_calls(struct board *board, struct board_calls *calls);
void board_calls_free(struct board_calls *calls);

#endif
