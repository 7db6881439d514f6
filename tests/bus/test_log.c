/* SPDX-License-Identifier: MIT */
/*
 * Tests the log: the words for items, that there are lines only for chosen items, and the limit on
 * their number.
 */
#include "bus/log.h"
#include "tests/cmocka.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void test_words(void **unused)
{
	static const struct {
		const char *list;
		unsigned items;
		int bad; /* offset of the unknown word; -1: none */
	} lists[] = {
		{ "int", LOG_INT, -1 },
		{ "guest_errors,unimp", LOG_GUEST_ERRORS | LOG_UNIMP, -1 },
		{ "in_asm,cpu_reset,int", LOG_IN_ASM | LOG_CPU_RESET | LOG_INT, -1 },
		{ "exec,cpu,nochain,mmu", LOG_EXEC | LOG_CPU | LOG_NOCHAIN | LOG_MMU, -1 },
		{ "int,nonsense", 0, 4 },
		{ "in", 0, 0 },
		{ "integer", 0, 0 },
		{ "", 0, 0 },
		{ "int,", 0, 4 },
		{ ",int", 0, 0 },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(lists); i++) {
		const char *bad = NULL;

		assert_int_equal(log_parse(lists[i].list, &bad), lists[i].items);
		if (lists[i].bad < 0)
			assert_null(bad);
		else
			assert_ptr_equal(bad, lists[i].list + lists[i].bad);
	}
}

static void test_ranges(void **unused)
{
	static const struct {
		const char *list;
		int bad; /* offset of the wrong range; -1: none */
		u64 in, out;
	} lists[] = {
		{ "0x1000+0x10", -1, 0x100f, 0x1010 },
		{ "0x1000+0x10", -1, 0x1000, 0xfff },
		{ "0x1000-0x10", -1, 0xff1, 0xff0 },
		{ "0x1000-0x10", -1, 0x1000, 0x1001 },
		{ "4096..8191,1+1", -1, 8191, 8192 },
		{ "4096..8191,1+1", -1, 1, 2 },
		{ "0xffffffffffff0000+0x10000", -1, UINT64_MAX, 0 },
		{ "5..5", -1, 5, 4 },
		{ "", 0, 0, 0 },
		{ "0x1000", 0, 0, 0 },
		{ "0x1000+0", 0, 0, 0 },
		{ "1+1,0x1000.0x2000", 4, 0, 0 },
		{ "2..1", 0, 0, 0 },
		{ "0xfffffffffffffff0+0x20", 0, 0, 0 },
		{ "0x10-0x20", 0, 0, 0 },
		{ "1+1,", 4, 0, 0 },
		{ "1+1x", 0, 0, 0 },
		{ "1+-1", 0, 0, 0 },
		{ "0x10000000000000000+1", 0, 0, 0 },
		{ "1+1,1+1,1+1,1+1,1+1,1+1,1+1,1+1,1+1,1+1,1+1,1+1,1+1,1+1,1+1,1+1,1+1", 64, 0, 0 },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(lists); i++) {
		struct log log = { 0 };
		const char *bad;

		assert_true(log_covers(&log, 0x1234));
		bad = log_parse_ranges(lists[i].list, &log.ranges);
		if (lists[i].bad >= 0) {
			assert_ptr_equal(bad, lists[i].list + lists[i].bad);
			continue;
		}
		assert_null(bad);
		assert_true(log_covers(&log, lists[i].in));
		assert_false(log_covers(&log, lists[i].out));
	}
}

static void test_help_lists_every_word_that_is_known(void **unused)
{
	unsigned all = 0, lines = 0;
	char *text, *rest;
	size_t size;

	FILE *file = open_memstream(&text, &size);
	log_help(file);
	fclose(file);
	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		const char *bad = NULL;

		line[strcspn(line, " ")] = 0;
		all |= log_parse(line, &bad);
		assert_null(bad);
		lines++;
	}
	assert_int_equal(lines, 10);
	assert_int_equal(all, 1023);
	free(text);
}

static void test_only_chosen_items_are_written(void **unused)
{
	struct log log = { .items = LOG_INT | LOG_UNIMP };
	char *text;
	size_t size;

	log_line(&log, LOG_INT, "to no file");
	log.file = open_memstream(&text, &size);
	log_line(&log, LOG_INT, "trap %d", 5);
	log_line(&log, LOG_GUEST_ERRORS, "not chosen");
	log_line(&log, LOG_UNIMP, "%s", "what");
	fclose(log.file);
	assert_string_equal(text, "trap 5\nwhat\n");
	free(text);
}

static void write_lines(struct log *log)
{
	for (unsigned i = 0; i < 3; i++)
		log_line(log, LOG_INT, "line");
	fflush(log->file);
}

static void test_a_guest_cannot_fill_the_terminal(void **unused)
{
	struct log log = { .items = LOG_INT, .lines = LOG_LINES_MAX - 1, .file = stderr };
	FILE *out = tmpfile();
	int terminal = dup(2);
	char text[200] = "";

	dup2(fileno(out), 2);
	write_lines(&log);
	dup2(terminal, 2);
	close(terminal);
	rewind(out);
	assert_true(fread(text, 1, sizeof(text) - 1, out) > 0);
	fclose(out);
	assert_string_equal(text, "line\nbaya: the log has 1000000 lines, and no more follow; "
				  "-D FILE has no limit\n");
}

static void test_a_file_has_no_limit(void **unused)
{
	struct log log = { .items = LOG_INT, .lines = LOG_LINES_MAX - 1 };
	char *text;
	size_t size;

	log.file = open_memstream(&text, &size);
	write_lines(&log);
	fclose(log.file);
	assert_string_equal(text, "line\nline\nline\n");
	free(text);
}

static void test_warnings_need_no_item_but_end(void **unused)
{
	struct log log = { 0 };
	char *text, *last;
	size_t size;

	log_warn(&log, LOG_INT, "to no file");
	log.file = open_memstream(&text, &size);
	for (unsigned i = 0; i < LOG_WARNINGS_MAX + 5; i++)
		log_warn(&log, LOG_INT, "warning %u", i);
	log.items = LOG_INT;
	log_warn(&log, LOG_INT, "chosen");
	fclose(log.file);
	assert_int_equal(strncmp(text, "baya: warning 0\nbaya: warning 1\n", 32), 0);
	last = strstr(text, "baya: warning 14\n");
	assert_string_equal(last, "baya: warning 14\nbaya: this is the last of 16 such lines\n"
				  "baya: warning 15\nchosen\n");
	free(text);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_words),
	cmocka_unit_test(test_ranges),
	cmocka_unit_test(test_help_lists_every_word_that_is_known),
	cmocka_unit_test(test_only_chosen_items_are_written),
	cmocka_unit_test(test_a_guest_cannot_fill_the_terminal),
	cmocka_unit_test(test_a_file_has_no_limit),
	cmocka_unit_test(test_warnings_need_no_item_but_end),
	{ 0 },
};
