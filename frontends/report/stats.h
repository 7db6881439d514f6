/* SPDX-License-Identifier: MIT */
/* Prints the line of JSON with which --stats and --state-hash end a run. */
#ifndef FRONTENDS_REPORT_STATS_H
#define FRONTENDS_REPORT_STATS_H

#include <stdio.h>

#include "bus/base.h"
#include "devices/board/board.h"
#include "devices/board/timing/regions.h"
#include "devices/board/timing/timing.h"

/* The figures of a hart that is timed by a core. */
struct stats_hart {
	u64 cycles; /* since reset */
	/* By the privilege mode in which instructions were fetched. */
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
	/* Only the regions of interest are reported: their number, and their cost. */
	bool in_roi;
	u64 regions;
	struct board_cost region;
	bool has_extremes; /* `extremes` is valid, because a region has ended */
	struct board_extremes extremes;
	const char *core; /* NULL: no core times the harts, and `harts` is empty */
	struct stats_hart harts[BOARD_HARTS_MAX];
	unsigned hart_count;
};

struct options;

/*
 * Prints the line on stderr. `ns` is the host's time that the run took. Returns 0 or a negative
 * errno.
 */
int stats_report(struct board *board, const struct options *options, u64 ns);

/*
 * Prints one line: instructions, cycles, seconds, mips and tiers; the number of code blocks and of
 * TLB misses; with a core, its name, the CPI stack and the events of each hart in each mode, and
 * how much its timing model reused from its memo; and state_hash (16 hexadecimal digits) if
 * `with_hash` is set. Returns 0 or a negative errno.
 */
int stats_print(const struct stats_run *run, FILE *out);

#endif
