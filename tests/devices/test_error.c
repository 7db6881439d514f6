/* SPDX-License-Identifier: MIT */
/* Tests devices/error.c: a message names the limit of address space, if there is one. */
#include "devices/error.h"
#include "bus/base.h"
#include "tests/cmocka.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>

/* Sanitizers need address space that a lower limit would not give. */
#define LIMIT (1ull << 52)

static struct rlimit before;

static int limit_setup(void **state)
{
	return getrlimit(RLIMIT_AS, &before);
}

static int limit_teardown(void **state)
{
	return setrlimit(RLIMIT_AS, &before);
}

static void limit_to(rlim_t most)
{
	const struct rlimit limit = { most, before.rlim_max };

	assert_int_equal(setrlimit(RLIMIT_AS, &limit), 0);
}

static void test_unlimited(void **state)
{
	struct board_error error;

	if (before.rlim_max != RLIM_INFINITY)
		skip();
	limit_to(RLIM_INFINITY);
	assert_int_equal(board_error_memory(&error), -ENOMEM);
	assert_string_equal(error.text, "not enough host memory");
	assert_int_equal(error.exit_code, 3);
}

static void test_limited(void **state)
{
	struct board_error error;

	limit_to(LIMIT);
	assert_int_equal(board_error_memory(&error), -ENOMEM);
	assert_string_equal(error.text, "not enough host memory; ulimit -v limits the address "
					"space to 4398046511104 KiB, give more");
	assert_int_equal(error.exit_code, 3);
}

/* A message that fills its room stays as it is. */
static void test_full(void **state)
{
	struct board_error error;

	memset(error.text, 'x', sizeof(error.text) - 1);
	error.text[sizeof(error.text) - 1] = '\0';
	limit_to(LIMIT);
	board_error_limit(&error);
	assert_int_equal(strspn(error.text, "x"), sizeof(error.text) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_unlimited, limit_setup, limit_teardown),
		cmocka_unit_test_setup_teardown(test_limited, limit_setup, limit_teardown),
		cmocka_unit_test_setup_teardown(test_full, limit_setup, limit_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
