/* SPDX-License-Identifier: MIT */
/* Code coverage of a run (cpu/debug/coverage.h) as a file in drcov format. */
#ifndef DEVICES_BOARD_INSPECT_COVERAGE_H
#define DEVICES_BOARD_INSPECT_COVERAGE_H

#include "bus/base.h"

struct board;

/*
 * Begins to record the blocks that are entered. Must be called before the machine runs. Returns 0
 * or -ENOMEM.
 */
int board_coverage_begin(struct board *board);

/* Returns whether blocks are recorded. The functions below need that. */
bool board_coverage_begun(const struct board *board);

/* Forgets the blocks that were entered so far. */
void board_coverage_clear(struct board *board);

/*
 * Writes the blocks that were entered, as places in the files that the loader has loaded, or else
 * in memory, to a FILE *. Returns 0 or -ENOMEM; the owner of the file checks whether writing
 * succeeded.
 */
int board_coverage_write(struct board *board, void *file);

#endif
