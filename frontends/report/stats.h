/* SPDX-License-Identifier: MIT */
/* The line of JSON that --stats and --state-hash print at the end of a run. */
#ifndef FRONTENDS_REPORT_STATS_H
#define FRONTENDS_REPORT_STATS_H

#include <stdio.h>

#include "bus/base.h"
#include "devices/board/board.h"
#include "devices/board/timing/regions.h"
#include "devices/board/timing/timing.h"

/* A hart that is timed by a core. */
struct stats_hart {
	u64 cycles; /* since reset */
	/* By the mode that instructions were fetched in. */
	struct board_cost modes[BOARD_MODES_MAX];
	u64 events[BOARD_MODES_MAX][BOARD_EVENTS_MAX];
	bool has_memo;
	struct board_memo memo;
};

struct stats_run {
	struct board_stats board;
	double seconds; /* host time of the run */
	bool with_hash;
	u64 hash;
	/* Only a part of the run is reported: the number of regions, and their cost. */
	bool in_roi;
	u64 regions;
	struct board_cost region;
	bool has_extremes; /* a region has ended */
	struct board_extremes extremes;
	const char *core; /* NULL: no core times the harts, and there are no figures for them */
	struct stats_hart harts[BOARD_HARTS_MAX];
	unsigned hart_count;
};

struct options;

/* Prints everything to stderr, for a run that took `ns` of the host's time. */
void stats_tell(struct board *board, const struct options *options, u64 ns);

/*
 * Prints one line: instructions, cycles, seconds, mips and tiers; blocks of code and misses of the
 * TLB; with a core its name, the CPI stack and the events of each hart in each mode, and how much
 * its model took from its memo; and state_hash (16 hexadecimal digits) if there is one.
 */
void stats_print(const struct stats_run *run, FILE *out);

#endif
