/* SPDX-License-Identifier: MIT */
/* What tools ask of a machine whose harts are timed by a core: where the cycles went. */
#ifndef DEVICES_BOARD_TIMING_H
#define DEVICES_BOARD_TIMING_H

#include "bus/base.h"

struct board;

#define BOARD_CAUSES_MAX 16

/* A function, or where there are no symbols a page of addresses; of all harts together. */
struct board_function {
	char name[80];
	u64 cycles, instructions; /* retired */
	u64 causes[BOARD_CAUSES_MAX]; /* the cycles, by what they were spent on */
};

/* What cycles are spent on, by number from 0 on; NULL behind the last. */
const char *board_cause_name(unsigned cause);

/* Have it counted from the next board_reset on. 0 or -ENOMEM. Without models it counts nothing. */
int board_count_cycles(struct board *board);

/* The functions, by cycles, most first; the caller frees them. NULL: none, or no memory. */
struct board_function *board_functions(struct board *board, unsigned *count);

#endif
