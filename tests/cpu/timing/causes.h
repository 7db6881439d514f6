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

/* Changes a machine before it runs. */
typedef void prepare_machine(struct machine *machine);

static inline u64 cycles_of_cause(const struct timing_core *core,
				  const struct attribution *attribution, unsigned count,
				  prepare_machine *prepare)
{
	struct machine *machine = group_machine(PLAIN_EXTENSIONS, attribution->insn, count);
	struct group_result result;

	if (prepare)
		prepare(machine);
	result = group_run_on(machine, core);
	return result.counts.in[TIMING_M][TIMING_CPI + attribution->cause];
}

/*
 * Compares the rounded number of cycles, because a few cycles are those of fetching the group for
 * the first time. `prepare` may be NULL.
 */
static inline void check_attribution(const struct timing_core *core,
				     const struct attribution *attribution,
				     prepare_machine *prepare)
{
	const u64 more = 2 * (GROUP_MANY - GROUP_FEW);
	u64 cycles = cycles_of_cause(core, attribution, GROUP_MANY, prepare) -
		     cycles_of_cause(core, attribution, GROUP_FEW, prepare);

	if ((cycles + more / 2) / more != attribution->cycles)
		fail_msg("%s, %s: %g cycles of %s, not %u", attribution->core, attribution->what,
			 (double)cycles / (double)more, timing_cause_names[attribution->cause],
			 attribution->cycles);
}

#endif
