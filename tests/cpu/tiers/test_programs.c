/* SPDX-License-Identifier: MIT */
/*
 * Random programs of one to four harts, millions of instructions long, in both tiers: at the same
 * instruction counts all registered state must be the same, wherever the runs were stopped in
 * between. BAYA_PROGRAMS_SEED names the first program, BAYA_PROGRAMS their number, for a replay
 * or a longer search.
 */
#include "tests/cpu/tiers/tier_program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define DEFAULT_SEED 7000
#define PROGRAMS 24
#define POINTS 8
#define PER_POINT 250000 /* instructions of all harts between two comparisons */

static u64 number(const char *name, u64 otherwise)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 0) : otherwise;
}

/* To exactly `count` retired instructions, in one go or with random stops. */
static void run_to(struct tier_machine *machine, u64 count, u64 *stops)
{
	struct harts *harts = &machine->harts;

	while (harts_retired(harts) < count) {
		enum harts_exit left = HARTS_RAN;

		harts->limit = count;
		if (stops) {
			u64 stop = harts_retired(harts) + 1 + below(stops, 60000);

			harts->limit = MIN(count, stop);
		}
		while (left == HARTS_RAN)
			left = harts_run(harts);
		/* A program has timers: it never sleeps for ever, nor does it die. */
		assert_int_equal(left, HARTS_LIMIT);
	}
}

static u64 traps_of(const struct harts *harts)
{
	u64 traps = 0;

	for (unsigned n = 0; n < harts->count; n++)
		traps += harts->hart[n]->traps;
	return traps;
}

static bool same(struct pair *pair, u64 seed, u64 count)
{
	char difference[256];

	if (!pair_differs(pair, difference, sizeof(difference)))
		return true;
	print_error("the tiers differ after at most %llu instructions: %s\n",
		    (unsigned long long)count, difference);
	print_error("again: BAYA_PROGRAMS_SEED=%llu BAYA_PROGRAMS=1 test_programs\n",
		    (unsigned long long)seed);
	return false;
}

static void run_program(u64 program, u64 *traps)
{
	struct pair *pair = calloc(1, sizeof(*pair));
	u64 seed = program * 0x9e3779b97f4a7c15ull + 1;

	assert_non_null(pair);
	pair_init(pair, 1 + (unsigned)(program % PROGRAM_HARTS_MAX));
	program_make(pair, seed);
	for (u64 point = 1; point <= POINTS; point++) {
		run_to(&pair->m[0], point * PER_POINT, &seed);
		run_to(&pair->m[1], point * PER_POINT, point % 2 ? NULL : &seed);
		assert_true(same(pair, program, point * PER_POINT));
	}
	assert_int_equal(state_hash(&pair->m[0].platform.state),
			 state_hash(&pair->m[1].platform.state));
	*traps += traps_of(&pair->m[0].harts);
	pair_free(pair);
	free(pair);
}

static void test_programs(void **state)
{
	u64 first = number("BAYA_PROGRAMS_SEED", DEFAULT_SEED);
	u64 count = number("BAYA_PROGRAMS", PROGRAMS), traps = 0;

	(void)state;
	for (u64 program = first; program < first + count; program++)
		run_program(program, &traps);
	print_message("%llu programs, %llu instructions in each tier, %llu traps taken\n",
		      (unsigned long long)count, (unsigned long long)count * POINTS * PER_POINT,
		      (unsigned long long)traps);
	/* Programs that do nothing but trap, or never do, are no test. */
	assert_in_range(traps, count * POINTS * PER_POINT / 10000, count * POINTS * PER_POINT / 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_programs) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
