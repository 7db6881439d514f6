/* SPDX-License-Identifier: MIT */
/* Tests names that are not trusted: what is a character stays, all else is escaped. */
#include "devices/printable.h"
#include "tests/cmocka.h"

#include "bus/base.h"

#include <string.h>

static const struct {
	const char *text, *copy; /* NULL: the same */
} cases[] = {
	{ "", NULL },
	{ "main+0x10 ~", NULL },
	{ "gr\303\266\303\237e \342\202\254 \360\237\230\200 \302\240", NULL },
	{ "a\033[2Jb", "a\\x1b[2Jb" },
	{ "\001\037\177\n", "\\x01\\x1f\\x7f\\x0a" },
	/* U+009B is CSI, with which an escape sequence may begin, too */
	{ "\302\233m", "\\xc2\\x9bm" },
	{ "\233m", "\\x9bm" },
	/* what is not UTF-8: a lone, a missing and a wrong byte, surrogates, too long, too large */
	{ "\377x\376", "\\xffx\\xfe" },
	{ "\342\202", "\\xe2\\x82" },
	{ "\342\202x", "\\xe2\\x82x" },
	{ "\303", "\\xc3" },
	{ "\355\240\200", "\\xed\\xa0\\x80" },
	{ "\300\200", "\\xc0\\x80" },
	{ "\340\237\277", "\\xe0\\x9f\\xbf" },
	{ "\360\217\277\277", "\\xf0\\x8f\\xbf\\xbf" },
	{ "\364\220\200\200", "\\xf4\\x90\\x80\\x80" },
	{ "\365\200\200\200", "\\xf5\\x80\\x80\\x80" },
};

static void test_copy(void **state)
{
	char copy[64];

	for (unsigned n = 0; n < ARRAY_SIZE(cases); n++) {
		const char *expected = cases[n].copy ? cases[n].copy : cases[n].text;

		assert_int_equal(printable_copy(copy, sizeof(copy), cases[n].text),
				 strlen(expected));
		assert_string_equal(copy, expected);
	}
}

/* A copy that does not fit has no part of a character or of an escape, and nothing behind it. */
static void test_room(void **state)
{
	static const char text[] = "a\033\303\266b", full[] = "a\\x1b\303\266b";
	static const size_t ends[] = { 0, 1, 5, 7, 8 };
	char copy[sizeof(full) + 1];

	assert_int_equal(printable_copy(NULL, 0, text), strlen(full));
	for (size_t size = 1; size <= sizeof(full); size++) {
		size_t end = 0;

		for (unsigned n = 0; n < ARRAY_SIZE(ends); n++)
			if (ends[n] < size)
				end = ends[n];
		memset(copy, '!', sizeof(copy));
		assert_int_equal(printable_copy(copy, size, text), strlen(full));
		assert_int_equal(strlen(copy), end);
		assert_memory_equal(copy, full, end);
		assert_int_equal(copy[size], '!');
	}
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_copy),
	cmocka_unit_test(test_room),
	{ 0 },
};
