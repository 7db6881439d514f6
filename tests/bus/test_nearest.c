/* SPDX-License-Identifier: MIT */
/* Tests the distance between words, and the search for the nearest word of a list. */
#include "bus/base.h"
#include "bus/nearest.h"
#include "tests/cmocka.h"

#include <string.h>

static void test_distance(void **unused)
{
	assert_int_equal(nearest_distance("kernel", "kernel"), 0);
	assert_int_equal(nearest_distance("kernle", "kernel"), 1);
	assert_int_equal(nearest_distance("kernl", "kernel"), 1);
	assert_int_equal(nearest_distance("kkernel", "kernel"), 1);
	assert_int_equal(nearest_distance("Kernel", "kernel"), 0);
	assert_int_equal(nearest_distance("", "abc"), 3);
	assert_int_equal(nearest_distance("abc", ""), 3);
	assert_int_equal(nearest_distance("ca", "abc"), 3);
}

static const char *name(const void *ctx, unsigned i)
{
	return ((const char *const *)ctx)[i];
}

static void test_name(void **unused)
{
	static const char *const names[] = { "kernel", "initrd", "append" };
	char long_word[200] = "";

	assert_string_equal(nearest_name("krenel", name, names, ARRAY_SIZE(names)), "kernel");
	assert_string_equal(nearest_name("apend", name, names, ARRAY_SIZE(names)), "append");
	assert_string_equal(nearest_name("ini", name, names, ARRAY_SIZE(names)), "initrd");
	assert_string_equal(nearest_name("kernelimg", name, names, ARRAY_SIZE(names)), "kernel");
	assert_null(nearest_name("apend", name, names, 0));
	assert_null(nearest_name("", name, names, ARRAY_SIZE(names)));
	assert_null(nearest_name("k", name, names, ARRAY_SIZE(names)));
	assert_null(nearest_name("xyz", name, names, ARRAY_SIZE(names)));
	memset(long_word, 'x', sizeof(long_word) - 1);
	assert_null(nearest_name(long_word, name, names, ARRAY_SIZE(names)));
	assert_null(nearest_name("kernelimgs", name, names, ARRAY_SIZE(names)));
	assert_string_equal(nearest_hint("; ", "a", "!").text, "; a!");
	assert_string_equal(nearest_hint("; ", NULL, "!").text, "");
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_distance),
	cmocka_unit_test(test_name),
	{ 0 },
};
