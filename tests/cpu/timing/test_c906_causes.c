/* SPDX-License-Identifier: MIT */
/*
 * Tests that the cycles in which an instruction of C906 waits for a register are attributed to the
 * instruction that produces it, including the last one, in which the result is written.
 */
#include "tests/cpu/timing/causes.h"
#include "tests/cpu/timing/default_core.h"

static const struct attribution attributions[] = {
	/* div a5, a3, a4; div a5, a1, a2, which waits for the register that it overwrites */
	{ "c906", "two div", { 0x02e6c7b3, 0x02c5c7b3 }, CPI_FENCE, 0 },
	/* div a5, a3, a4; div a6, a1, a2; add a5, a5, a5 */
	{ "c906", "div, and an add", { 0x02e6c7b3, 0x02c5c833, 0x00f787b3 }, CPI_FENCE, 0 },
	{ "c906", "div, and an add", { 0x02e6c7b3, 0x02c5c833, 0x00f787b3 }, CPI_MULDIV, 38 },
	/* feq.d a5, fa0, fa0 */
	{ "c906", "feq.d, and what needs it", { 0xa2a5a7d3, 0x00f787b3 }, CPI_FENCE, 0 },
	{ "c906", "csrr, and what needs it", { 0x340027f3, 0x00f787b3 }, CPI_FENCE, 3 },
};

static void registers_have_the_causes_of_their_producers(void **state)
{
	struct timing_core core;

	default_core(&core, &timing_c906);
	for (unsigned n = 0; n < ARRAY_SIZE(attributions); n++)
		check_attribution(&core, &attributions[n], NULL);
}

/* Returns how often an event occurs in a group. */
static double group_events(const struct timing_core *core, const u32 insn[GROUP_MAX],
			   enum timing_event event)
{
	struct group_result few = group_run_in(PLAIN_EXTENSIONS, 0, core, insn, GROUP_FEW);
	struct group_result many = group_run_in(PLAIN_EXTENSIONS, 0, core, insn, GROUP_MANY);
	u64 more = many.counts.in[TIMING_M][event] - few.counts.in[TIMING_M][event];

	return (double)more / (2 * (GROUP_MANY - GROUP_FEW));
}

/*
 * An instruction that waits for a register stays in ID, and what it waits for has left AG and EX1;
 * nevertheless that is a stall of the back end. Fetching the groups stalls the front end a little.
 */
static void waits_for_registers_stall_the_back_end(void **state)
{
	/* ld a5, 0(a0), which misses; addi a5, a5, 1; addi a0, a0, 64 */
	const u32 load[GROUP_MAX] = { 0x00053783, 0x00178793, 0x04050513 };
	struct timing_core core;

	default_core(&core, &timing_c906);
	assert_true(group_events(&core, load, TIMING_STALL_BACK) > 7);
	assert_true(group_events(&core, load, TIMING_STALL_FRONT) < 1);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(waits_for_registers_stall_the_back_end),
	cmocka_unit_test(registers_have_the_causes_of_their_producers),
	{ 0 },
};
