/* SPDX-License-Identifier: MIT */
/*
 * Numbers, sizes, words, lists with their escapes, and nearest names.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "frontends/host/exit_code.h"
#include "frontends/host/keyval.h"
#include "tests/cmocka.h"

#include "devices/board/board.h"

static void test_numbers(void **state)
{
	static const struct {
		const char *text;
		bool good;
		u64 value;
	} cases[] = {
		{ "0", true, 0 }, { "12", true, 12 }, { "0x1f", true, 0x1f },
		{ "010", true, 10 }, { "18446744073709551615", true, UINT64_MAX },
		{ "18446744073709551616", false, 0 }, { "", false, 0 }, { "-1", false, 0 },
		{ " 1", false, 0 }, { "1 ", false, 0 }, { "0x", false, 0 }, { "0x-1", false, 0 },
		{ "1k", false, 0 },
	};
	u64 value;

	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(keyval_number(cases[i].text, &value), cases[i].good);
		if (cases[i].good)
			assert_true(value == cases[i].value);
	}
}

static void test_sizes(void **state)
{
	static const struct {
		const char *text;
		bool good;
		u64 value;
	} cases[] = {
		{ "1", true, MiB }, { "128M", true, 128 * MiB }, { "2G", true, 2 * GiB },
		{ "2g", true, 2 * GiB }, { "1.5G", true, 3 * GiB / 2 }, { "4096b", true, 4096 },
		{ "64k", true, 64 * KiB }, { "1T", true, 1024 * GiB }, { "0x100", true, 0x100 },
		{ "15E", true, 15ull << 60 }, { "16E", false, 0 },
		{ "99999999999999999999", false, 0 }, { "1MB", false, 0 }, { "1x", false, 0 },
		{ "", false, 0 }, { "G", false, 0 }, { "-1G", false, 0 }, { "1.G", false, 0 },
	};
	u64 value;

	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(keyval_size(cases[i].text, MiB, &value), cases[i].good);
		if (cases[i].good)
			assert_true(value == cases[i].value);
	}
}

static void test_words(void **state)
{
	assert_int_equal(keyval_word("a|bc|d", "a"), 0);
	assert_int_equal(keyval_word("a|bc|d", "bc"), 1);
	assert_int_equal(keyval_word("a|bc|d", "d"), 2);
	assert_int_equal(keyval_word("a|bc|d", "b"), -1);
	assert_int_equal(keyval_word("a|bc|d", ""), -1);
}

struct list {
	const char *file, *first;
	unsigned word;
	u64 number, size;
	bool on, never;
};

static const struct key keys[] = {
	{ .name = "first", .kind = KEY_TEXT, .offset = offsetof(struct list, first),
	  .accepted = "TEXT" },
	{ .name = "file", .kind = KEY_TEXT, .offset = offsetof(struct list, file),
	  .accepted = "FILE" },
	{ .name = "word", .kind = KEY_WORD, .offset = offsetof(struct list, word),
	  .accepted = "none|some" },
	{ .name = "number", .kind = KEY_NUMBER, .offset = offsetof(struct list, number),
	  .accepted = "N", .min = 1, .max = 9 },
	{ .name = "size", .kind = KEY_SIZE, .offset = offsetof(struct list, size),
	  .accepted = "SIZE" },
	{ .name = "on", .kind = KEY_SWITCH, .offset = offsetof(struct list, on),
	  .accepted = "on|off" },
	{ .name = "never", .kind = KEY_SWITCH, .offset = offsetof(struct list, never),
	  .accepted = "off" },
};
static const struct keyval keyval = { "-x", keys, ARRAY_SIZE(keys), "first" };

static void test_list(void **state)
{
	struct strings strings = { 0 };
	struct board_error error;
	struct list list = { 0 };

	assert_int_equal(keyval_parse(&keyval, "a,,b,file=c,,=,,,word=some,number=0x9,size=1K,on",
				      &list, &strings, &error),
			 0);
	assert_string_equal(list.first, "a,b");
	assert_string_equal(list.file, "c,=,");
	assert_int_equal(list.word, 1);
	assert_int_equal(list.number, 9);
	assert_int_equal(list.size, 1024);
	assert_true(list.on);
	assert_int_equal(keyval_parse(&keyval, "file=x,on=off,file=y", &list, &strings, &error), 0);
	assert_false(list.on);
	list.never = true;
	assert_int_equal(keyval_parse(&keyval, "never=no", &list, &strings, &error), 0);
	assert_false(list.never);
	assert_string_equal(list.file, "y");
	strings_free(&strings);
}

static void test_list_errors(void **state)
{
	static const struct {
		const char *text, *error;
	} cases[] = {
		{ "", "-x: is empty" },
		{ "a,b", "-x: no parameter 'b' (a comma in a name is written ,,); accepted: first, "
			 "file, word, number, size, on, never" },
		{ "a,b=c", "-x: no parameter 'b'; accepted: first, file, word, number, size, on, "
			   "never" },
		{ "a,flie", "-x: no parameter 'flie', nearest is 'file'; accepted: first, file, "
			    "word, number, size, on, never" },
		{ "a,flie=x", "-x: no parameter 'flie', nearest is 'file'; accepted: first, file, "
			      "word, number, size, on, never" },
		{ "a,file", "-x: file: needs a value: file=FILE" },
		{ "a,file=", "-x: file: is empty; give FILE" },
		{ "a,", "-x: an item of its list is empty (a comma in a name is written ,,)" },
		{ "word=any", "-x: word: 'any' is not accepted; accepted: none|some" },
		{ "number=0", "-x: number: '0' is out of range; accepted: 1 to 9" },
		{ "number=x", "-x: number: 'x' is not a number (decimal, or hexadecimal after 0x)" },
		{ "size=1Q", "-x: size: '1Q' is not a size (digits and perhaps K, M, G or T)" },
		{ "on=maybe", "-x: on: 'maybe' is not accepted; accepted: on|off" },
		{ "never=yes", "-x: never: 'yes' is not accepted; accepted: off" },
		{ "a,never", "-x: never: 'on' is not accepted; accepted: off" },
		{ "never=", "-x: never: '' is not accepted; accepted: off" },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		struct strings strings = { 0 };
		struct board_error error = { .exit_code = 0 };
		struct list list = { 0 };

		assert_true(keyval_parse(&keyval, cases[i].text, &list, &strings, &error) < 0);
		assert_string_equal(error.text, cases[i].error);
		assert_int_equal(error.exit_code, 2);
		strings_free(&strings);
	}
}

/* These functions fail as if the host had no memory. */
static enum lack { NOTHING, GROWING, OPENING } lacking;

void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);
FILE *__real_open_memstream(char **text, size_t *size);
FILE *__wrap_open_memstream(char **text, size_t *size);

void *__wrap_realloc(void *old, size_t size)
{
	return lacking == GROWING ? NULL : __real_realloc(old, size);
}

FILE *__wrap_open_memstream(char **text, size_t *size)
{
	return lacking == OPENING ? NULL : __real_open_memstream(text, size);
}

static void add_strings(void)
{
	struct strings strings = { 0 };
	struct text text;

	fputs("text", text_begin(&text));
	text_end(&text, &strings);
	strings_free(&strings);
}

/* A host without memory is an error of the host, and not a crash. */
static void test_no_memory(void **state)
{
	for (enum lack what = NOTHING; what <= OPENING; what++) {
		pid_t child = fork();
		int status;

		assert_true(child >= 0);
		if (!child) {
			lacking = what;
			add_strings();
			_exit(EXIT_WELL);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), what == NOTHING ? EXIT_WELL : EXIT_HOST);
	}
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_no_memory),
	cmocka_unit_test(test_numbers),	 cmocka_unit_test(test_sizes),
	cmocka_unit_test(test_words),	 cmocka_unit_test(test_list),
	cmocka_unit_test(test_list_errors),
	{ 0 },
};
