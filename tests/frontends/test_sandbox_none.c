/* SPDX-License-Identifier: MIT */
/* frontends/host/sandbox_none.c: without libseccomp a sandbox is refused, with the reason. */
#include <errno.h>
#include <string.h>

#include "devices/board/board.h"
#include "frontends/host/exit_code.h"
#include "frontends/host/sandbox.h"
#include "tests/cmocka.h"

static void test_none(void **state)
{
	struct board_error error;

	assert_int_equal(sandbox_check(&error), -ENOTSUP);
	assert_non_null(strstr(error.text, "built without libseccomp; install pkg-config and "
					   "libseccomp-dev and build it again"));
	assert_int_equal(error.exit_code, EXIT_USAGE);
	assert_int_equal(sandbox_begin(SANDBOX_ALWAYS, &error), -ENOTSUP);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_none),
	{ 0 },
};
