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

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(registers_have_the_causes_of_their_producers),
	{ 0 },
};
