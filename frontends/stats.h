/* SPDX-License-Identifier: MIT */
/*
 * The line of JSON that --stats and --state-hash print at the end of a run.
 */
#ifndef FRONTENDS_STATS_H
#define FRONTENDS_STATS_H

#include "bus/base.h"
#include "devices/board.h"

struct stats_run {
	struct board_stats board;
	double seconds; /* host time of the run */
	bool with_hash;
	u64 hash;
};

/*
 * One line with a newline into text: instructions, cycles, seconds, mips, tiers, and state_hash
 * (a string of 16 hexadecimal digits) when there is one.
 */
void stats_format(const struct stats_run *run, char *text, size_t size);

#endif
