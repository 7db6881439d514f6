/* SPDX-License-Identifier: MIT */
/* Tests reading of lines: their limits, bytes that no text has, and errors in any place. */
#include "bus/line.h"
#include "tests/cmocka.h"

#include <errno.h>
#include <stdlib.h>

/* A file whose end cannot be read. */
struct broken {
	const char *text;
	int error; /* 0: the text ends the file */
};

static ssize_t broken_read(void *cookie, char *data, size_t size)
{
	struct broken *broken = cookie;

	(void)size;
	if (*broken->text) {
		*data = *broken->text++;
		return 1;
	}
	errno = broken->error;
	return broken->error ? -1 : 0;
}

static FILE *open_broken(struct broken *broken)
{
	return fopencookie(broken, "r", (cookie_io_functions_t){ .read = broken_read });
}

static void expect(FILE *file, int result, const char *text)
{
	char line[5];

	assert_int_equal(line_read(file, line, sizeof(line)), result);
	assert_string_equal(line, text);
}

static void test_lines(void **state)
{
	struct broken whole = { .text = "ab\n\nabcd\nabcdefghi\nlast" };
	FILE *file = open_broken(&whole);

	assert_non_null(file);
	expect(file, 1, "ab");
	expect(file, 1, "");
	expect(file, 1, "abcd");
	expect(file, -E2BIG, "abcd");
	expect(file, -E2BIG, "efgh");
	expect(file, 1, "i");
	expect(file, 1, "last");
	expect(file, 0, "");
	expect(file, 0, "");
	fclose(file);
}

static void test_zero_bytes(void **state)
{
	static const char text[] = "a\0b\n\0";
	FILE *file = fmemopen((void *)text, sizeof(text) - 1, "r");

	assert_non_null(file);
	expect(file, -EILSEQ, "a");
	expect(file, 1, "b");
	expect(file, -EILSEQ, "");
	expect(file, 0, "");
	fclose(file);
	file = fopen("/dev/zero", "r");
	assert_non_null(file);
	expect(file, -EILSEQ, "");
	fclose(file);
}

/* An error is none of the results of a file that has been read to its end, also if it comes in the
 * middle of a line. */
static void test_errors(void **state)
{
	static const char *const texts[] = { "", "a", "abcd", "ab\n" };

	for (unsigned n = 0; n < sizeof(texts) / sizeof(*texts); n++) {
		struct broken broken = { .text = texts[n], .error = ENOMEM };
		FILE *file = open_broken(&broken);
		char line[5];

		assert_non_null(file);
		if (strchr(texts[n], '\n'))
			expect(file, 1, "ab");
		assert_int_equal(line_read(file, line, sizeof(line)), -ENOMEM);
		assert_true(line_read(file, line, sizeof(line)) < 0);
		fclose(file);
	}
}

static void test_folder(void **state)
{
	FILE *file = fopen("/", "r");
	char line[5];

	assert_non_null(file);
	assert_int_equal(line_read(file, line, sizeof(line)), -EISDIR);
	fclose(file);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_lines),
	cmocka_unit_test(test_zero_bytes),
	cmocka_unit_test(test_errors),
	cmocka_unit_test(test_folder),
	{ 0 },
};
