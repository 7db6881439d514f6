/* SPDX-License-Identifier: MIT */
/*
 * JSON values are found in a stream: whole, in pieces, with single quotes, without an end, and
 * among random bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "frontends/qmp/stream.h"
#include "tests/cmocka.h"

/* Returns the result of the last byte; those before it must have none. */
static enum qmp_got qmp_stream_take_text(struct qmp_stream *stream, const char *text)
{
	enum qmp_got got = QMP_NOTHING;

	for (; *text; text++) {
		assert_int_equal(got, QMP_NOTHING);
		got = qmp_stream_take(stream, (u8)*text);
	}
	return got;
}

static void test_values(void **state)
{
	static const struct {
		const char *text, *value;
	} cases[] = {
		{ "{}", "{}" },
		{ " \r\n\t{\"a\": [1, {}]}", "{\"a\": [1, {}]}" },
		{ "[\"}\", \"\\\"]\"]", "[\"}\", \"\\\"]\"]" },
		{ "{'a':'b\\'c\"d'}", "{\"a\":\"b'c\\\"d\"}" },
		{ "\"top\"", "\"top\"" },
		{ "12 ", "12" },
		{ "nonsense\n", "nonsense" },
		{ "}", "}" },
		{ "{1}", "{1}" },
	};
	struct qmp_stream stream = { 0 };

	for (unsigned n = 0; n < ARRAY_SIZE(cases); n++) {
		assert_int_equal(qmp_stream_take_text(&stream, cases[n].text), QMP_VALUE);
		assert_string_equal(stream.text, cases[n].value);
	}
	qmp_stream_free(&stream);
}

static void test_strays(void **state)
{
	struct qmp_stream stream = { 0 };

	/* The rest of the line is lost ... */
	assert_int_equal(qmp_stream_take_text(&stream, "{\001"), QMP_STRAY);
	assert_int_equal(qmp_stream_take_text(&stream, "{}{}{}\n"), QMP_NOTHING);
	assert_int_equal(qmp_stream_take_text(&stream, "{'\037"), QMP_STRAY);
	assert_int_equal(qmp_stream_take_text(&stream, "5 5 5\n"), QMP_NOTHING);
	/* ... if it has one. */
	assert_int_equal(qmp_stream_take_text(&stream, "{\"a\n"), QMP_STRAY);
	assert_int_equal(qmp_stream_take_text(&stream, "{}"), QMP_VALUE);
	assert_int_equal(qmp_stream_take_text(&stream, "{\377"), QMP_STRAY);
	assert_int_equal(qmp_stream_take_text(&stream, "{}"), QMP_VALUE);
	assert_int_equal(qmp_stream_take(&stream, 0), QMP_STRAY);
	assert_int_equal(qmp_stream_take_text(&stream, "{} []\n5\n"), QMP_VALUE);
	assert_string_equal(stream.text, "5");
	qmp_stream_free(&stream);
}

static void test_limits(void **state)
{
	struct qmp_stream stream = { 0 };
	enum qmp_got got = QMP_NOTHING;
	u64 taken = 0;

	for (unsigned n = 0; n < QMP_DEPTH_MAX; n++)
		assert_int_equal(qmp_stream_take(&stream, '['), QMP_NOTHING);
	assert_int_equal(qmp_stream_take(&stream, '['), QMP_TOO_DEEP);
	assert_int_equal(qmp_stream_take_text(&stream, "[[[]]]{}\n{}"), QMP_VALUE);
	for (; got == QMP_NOTHING; taken++)
		got = qmp_stream_take(&stream, taken ? 'x' : '"');
	assert_int_equal(got, QMP_TOO_LONG);
	assert_true(taken > QMP_TEXT_MAX / 2 && taken <= QMP_TEXT_MAX);
	assert_int_equal(qmp_stream_take_text(&stream, "\"\n{}"), QMP_VALUE);
	qmp_stream_free(&stream);
}

/* Random bytes cause at most an error, and a line that follows them is understood. */
static void test_anything(void **state)
{
	static const char likely[] = "{}[]\"'\\:,12eE.-+tfn \n\r\t\377\001u";
	struct qmp_stream stream = { 0 };
	u64 seed = 1;

	for (unsigned n = 0; n < 1000000; n++) {
		seed = seed * 6364136223846793005ull + 1442695040888963407ull;
		qmp_stream_take(&stream, seed >> 63 ? (u8)(seed >> 40) :
						      (u8)likely[(seed >> 33) % sizeof(likely)]);
	}
	qmp_stream_take(&stream, 0xff);
	qmp_stream_take(&stream, '\n');
	assert_int_equal(qmp_stream_take_text(&stream, "{}"), QMP_VALUE);
	assert_string_equal(stream.text, "{}");
	qmp_stream_free(&stream);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_values),
	cmocka_unit_test(test_strays),
	cmocka_unit_test(test_limits),
	cmocka_unit_test(test_anything),
	{ 0 },
};
