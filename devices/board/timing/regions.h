/* SPDX-License-Identifier: MIT */
/*
 * The cost of the regions of interest, that is, of the timed parts of a run (--timing-from,
 * --timing-until).
 */
#ifndef DEVICES_BOARD_TIMING_REGIONS_H
#define DEVICES_BOARD_TIMING_REGIONS_H

#include "devices/board/timing/timing.h"

/*
 * Gets the number of regions, and their cost summed over all harts. Returns false if the whole run
 * is timed, or nothing.
 */
bool board_roi(struct board *board, u64 *count, struct board_cost *cost);

/*
 * The cycles of the shortest and the longest region that have ended, each those of the hart that
 * has most in it.
 */
struct board_extremes {
	u64 shortest, longest;
	u64 longest_from; /* retired instructions of the machine when the longest one began */
};

/* Gets these extremes. Returns false if no region has ended. */
bool board_roi_extremes(const struct board *board, struct board_extremes *extremes);

#endif
