/* SPDX-License-Identifier: MIT */
/* frontends/display/layout_none.c: without libxkbcommon each keyboard is a US one, with the
 * reason. */
#include <string.h>

#include "frontends/display/layout.h"
#include "frontends/display/options.h"
#include "tests/cmocka.h"

static void test_none(void **state)
{
	static const struct keyboard german = { "de", "pc105", "de", "" };
	static const u8 held[32];
	struct layout layout = { 0 };
	char why[200];

	assert_false(layout_read(&layout, &german, why, sizeof(why)));
	assert_non_null(strstr(why, "install pkg-config and libxkbcommon-dev and build it again"));
	assert_int_equal(layout_find(&layout, 'y', held, true).code, 21);
	assert_int_equal(layout_find(&layout, 'Y', held, false).states, WINDOW_CAPITAL);
	assert_int_equal(layout_find(&layout, 0xe4, held, true).code, 0);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_none),
	{ 0 },
};
