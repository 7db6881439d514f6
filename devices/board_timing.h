/* SPDX-License-Identifier: MIT */
/* What tools ask of a machine whose harts are timed by a core: where the cycles went. */
#ifndef DEVICES_BOARD_TIMING_H
#define DEVICES_BOARD_TIMING_H

#include "bus/base.h"
#include "cpu/timing/cause.h"

struct board;

/* A function, or where there are no symbols a page of addresses; of all harts together. */
struct board_function {
	char name[80];
	u64 cycles, instructions; /* retired */
	u64 causes[TIMING_CAUSES]; /* the cycles, by what they were spent on */
};

/* Have it counted from the next board_reset on. 0 or -ENOMEM. Without models it counts nothing. */
int board_count_cycles(struct board *board);

/* The functions, by cycles, most first; the caller frees them. NULL: none, or no memory. */
struct board_function *board_functions(struct board *board, unsigned *count);

#endif
