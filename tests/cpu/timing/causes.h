/* SPDX-License-Identifier: MIT */
/* Checks to which causes the cycles of a group of instructions are attributed. */
#ifndef TESTS_CPU_TIMING_CAUSES_H
#define TESTS_CPU_TIMING_CAUSES_H

#include "tests/cpu/timing/group.h"

struct attribution {
	const char *core, *what;
	u32 insn[GROUP_MAX];
	enum timing_cause cause;
	unsigned cycles; /* the cycles of a group that are attributed to that cause */
};

static inline u64 cycles_of_cause(const struct timing_core *core,
				  const struct attribution *attribution, unsigned count)
{
	const struct group_result result =
		group_run_in(PLAIN_EXTENSIONS, 0, core, attribution->insn, count);

	return result.counts.in[TIMING_M][TIMING_CPI + attribution->cause];
}

/*
 * Compares the rounded number of cycles, because a few cycles are those of fetching the group for
 * the first time.
 */
static inline void check_attribution(const struct timing_core *core,
				     const struct attribution *attribution)
{
	const u64 more = 2 * (GROUP_MANY - GROUP_FEW);
	u64 cycles = cycles_of_cause(core, attribution, GROUP_MANY) -
		     cycles_of_cause(core, attribution, GROUP_FEW);

	if ((cycles + more / 2) / more != attribution->cycles)
		fail_msg("%s, %s: %g cycles of %s, not %u", attribution->core, attribution->what,
			 (double)cycles / (double)more, timing_cause_names[attribution->cause],
			 attribution->cycles);
}

#endif
