/* SPDX-License-Identifier: MIT */
/* The cost of the parts of a run that are timed (--timing-from, --timing-until). */
#ifndef DEVICES_BOARD_TIMING_REGIONS_H
#define DEVICES_BOARD_TIMING_REGIONS_H

#include "devices/board/timing/timing.h"

/*
 * If a part of the run is timed, returns the cost of its `count` regions, of all harts. Returns
 * false if the whole run is timed, or nothing.
 */
bool board_roi(struct board *board, u64 *count, struct board_cost *cost);

/* The cycles of the shortest and of the longest region, of all harts, of those that have ended. */
struct board_extremes {
	u64 shortest, longest;
	u64 longest_from; /* retired instructions of the machine when the longest one began */
};

/* Returns false if no region has ended. */
bool board_roi_extremes(const struct board *board, struct board_extremes *extremes);

#endif
