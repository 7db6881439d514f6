/* SPDX-License-Identifier: MIT */
/*
 * Words the statistics of a run as JSON. Numbers only, so nothing needs quoting.
 */
#include "frontends/stats.h"

#include <stdio.h>

static const char *const tier_names[] = {
	[ENGINE_INTERP] = "interp",
	[ENGINE_THREADED] = "threaded",
};

void stats_format(const struct stats_run *run, char *text, size_t size)
{
	const struct board_stats *board = &run->board;
	double mips = run->seconds > 0 ? (double)board->instructions / run->seconds / 1e6 : 0;
	char tiers[128] = "", hash[48] = "";
	size_t used = 0;

	for (unsigned i = 0; i < ARRAY_SIZE(tier_names); i++)
		used += (size_t)snprintf(tiers + used, sizeof(tiers) - used, "%s\"%s\":%llu",
					 i ? "," : "", tier_names[i],
					 (unsigned long long)board->tier_instructions[i]);
	if (run->with_hash)
		snprintf(hash, sizeof(hash), ",\"state_hash\":\"%016llx\"",
			 (unsigned long long)run->hash);
	snprintf(text, size,
		 "{\"instructions\":%llu,\"cycles\":%llu,\"seconds\":%.6f,\"mips\":%.3f,"
		 "\"tiers\":{%s}%s}\n",
		 (unsigned long long)board->instructions, (unsigned long long)board->cycles,
		 run->seconds, mips, tiers, hash);
}
