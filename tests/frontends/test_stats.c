/* SPDX-License-Identifier: MIT */
/*
 * The shape of the JSON line.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "frontends/stats.h"

static void test_shape(void **state)
{
	struct stats_run run = {
		.board = { .instructions = 3000000, .cycles = 4000000,
			   .tier_instructions = { 1000000, 2000000 } },
		.seconds = 1.5,
	};
	char text[512];

	(void)state;
	stats_format(&run, text, sizeof(text));
	assert_string_equal(text, "{\"instructions\":3000000,\"cycles\":4000000,"
				  "\"seconds\":1.500000,\"mips\":2.000,"
				  "\"tiers\":{\"interp\":1000000,\"threaded\":2000000}}\n");
	run.with_hash = true;
	run.hash = 0xabc;
	run.seconds = 0;
	stats_format(&run, text, sizeof(text));
	assert_string_equal(text, "{\"instructions\":3000000,\"cycles\":4000000,"
				  "\"seconds\":0.000000,\"mips\":0.000,"
				  "\"tiers\":{\"interp\":1000000,\"threaded\":2000000},"
				  "\"state_hash\":\"0000000000000abc\"}\n");
}

static void test_largest(void **state)
{
	struct stats_run run = {
		.board = { UINT64_MAX, UINT64_MAX, { UINT64_MAX, UINT64_MAX } },
		.seconds = 1e9, .with_hash = true, .hash = UINT64_MAX,
	};
	char text[512];

	(void)state;
	stats_format(&run, text, sizeof(text));
	assert_string_equal(text, "{\"instructions\":18446744073709551615,"
				  "\"cycles\":18446744073709551615,"
				  "\"seconds\":1000000000.000000,\"mips\":18446.744,"
				  "\"tiers\":{\"interp\":18446744073709551615,"
				  "\"threaded\":18446744073709551615},"
				  "\"state_hash\":\"ffffffffffffffff\"}\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shape),
		cmocka_unit_test(test_largest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
