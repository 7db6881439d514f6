/* SPDX-License-Identifier: MIT */
/*
 * The shape of the JSON line.
 */
#include "frontends/report/stats.h"
#include "tests/cmocka.h"

#include <stdlib.h>

/* The parts of a report about code and the TLB when nothing was decoded or missed. */
#define NO_CODE                                                                                    \
	"\"code\":{\"decoded\":0,\"dropped\":0,\"translated\":0,\"instructions\":0,"               \
	"\"bytes\":0,\"cold_bytes\":0,\"evictions\":0,\"visited\":0},"                            \
	"\"tlb\":{\"misses\":0,\"walks\":0}"

static void stats_expect(const struct stats_run *run, const char *wanted)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	stats_print(run, out);
	fclose(out);
	assert_string_equal(text, wanted);
	free(text);
}

static void test_shape(void **state)
{
	struct stats_run run = {
		.board = { .instructions = 3000000, .cycles = 4000000,
			   .tier_instructions = { 1000000, 2000000 },
			   .code = { .decoded = 9, .dropped = 1, .translated = 7,
				     .instructions = 30, .bytes = 600, .evictions = 2,
				     .visited = 5 },
			   .tlb_misses = 50, .tlb_walks = 5 },
		.seconds = 1.5,
	};

	stats_expect(&run, "{\"instructions\":3000000,\"cycles\":4000000,"
			   "\"seconds\":1.5,\"mips\":2.0,"
			   "\"tiers\":{\"interp\":1000000,\"threaded\":2000000,\"jit\":0},"
			   "\"code\":{\"decoded\":9,\"dropped\":1,\"translated\":7,"
			   "\"instructions\":30,\"bytes\":600,\"cold_bytes\":0,\"evictions\":2,"
			   "\"visited\":5},"
			   "\"tlb\":{\"misses\":50,\"walks\":5}}\n");
	run.board.code = (struct board_code){ 0 };
	run.board.tlb_misses = run.board.tlb_walks = 0;
	run.with_hash = true;
	run.hash = 0xabc;
	run.seconds = 0;
	stats_expect(&run, "{\"instructions\":3000000,\"cycles\":4000000,"
			   "\"seconds\":0.0,\"mips\":0.0,"
			   "\"tiers\":{\"interp\":1000000,\"threaded\":2000000,\"jit\":0}," NO_CODE
			   ",\"state_hash\":\"0000000000000abc\"}\n");
}

static void test_largest(void **state)
{
	struct stats_run run = {
		.board = { .instructions = UINT64_MAX, .cycles = UINT64_MAX,
			   .tier_instructions = { UINT64_MAX, UINT64_MAX } },
		.seconds = 1e9, .with_hash = true, .hash = UINT64_MAX,
	};

	stats_expect(&run,
		     "{\"instructions\":9223372036854775807,"
		     "\"cycles\":9223372036854775807,\"seconds\":1e9,\"mips\":18446.7441,"
		     "\"tiers\":{\"interp\":9223372036854775807,\"threaded\":9223372036854775807,"
		     "\"jit\":0}," NO_CODE ",\"state_hash\":\"ffffffffffffffff\"}\n");
}

/* By number: the first mode, cause and event. */
static void test_timing(void **state)
{
	struct stats_run run = {
		.board = { .instructions = 3, .cycles = 20 },
		.core = "cva6,\"", .hart_count = 2,
		.harts = {
			{ .cycles = 15, .modes = { { 10, 2, { 4, 6 } }, { 0 }, { 3, 0, { 3 } } },
			  .events = { { [2] = 7, [5] = 1 } } },
			{ .cycles = 5 },
		},
	};

	stats_expect(&run, "{\"instructions\":3,\"cycles\":20,\"seconds\":0.0,\"mips\":0.0,"
			   "\"tiers\":{\"interp\":0,\"threaded\":0,\"jit\":0}," NO_CODE
			   ",\"timing\":{\"core\":\"cva6,\\\"\",\"harts\":["
			   "{\"cycles\":15,\"outside\":2,\"modes\":{"
			   "\"M\":{\"cycles\":10,\"instructions\":2,\"cpi\":5.0,"
			   "\"stack\":{\"issue\":4,\"fetch\":6},"
			   "\"events\":{\"branch\":7,\"stall-back\":1}},"
			   "\"U\":{\"cycles\":3,\"instructions\":0,\"cpi\":null,"
			   "\"stack\":{\"issue\":3},\"events\":{}}}},"
			   "{\"cycles\":5,\"outside\":5,\"modes\":{}}]}}\n");
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_shape),
	cmocka_unit_test(test_largest),
	cmocka_unit_test(test_timing),
	{ 0 },
};
