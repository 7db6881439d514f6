/* SPDX-License-Identifier: MIT */
/* Code coverage of a run (cpu/debug/coverage.h) as a file in drcov format. */
#ifndef DEVICES_BOARD_INSPECT_COVERAGE_H
#define DEVICES_BOARD_INSPECT_COVERAGE_H

struct board;

/* Records the blocks that are entered from now on: before the machine runs. 0 or -ENOMEM. */
int board_coverage_begin(struct board *board);

/*
 * Writes the blocks that were entered, in the files that the loader has loaded, or in memory, to a
 * FILE *. Returns 0 or -ENOMEM; the file's owner finds out whether it was written.
 */
int board_coverage_write(struct board *board, void *file);

#endif
