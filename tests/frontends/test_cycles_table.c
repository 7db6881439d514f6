/* SPDX-License-Identifier: MIT */
/* Tests reading of tables of measured cycles: a part of a table is never taken for all of it. */
#include "devices/board/board.h"
#include "frontends/cycles/table.h"
#include "frontends/host/exit_code.h"
#include "tests/cmocka.h"

#include <errno.h>
#include <stdio.h>

#define HEADING "program\tid\tlabel\tcycles\tinstret\textra\n"
#define ROW "alu\t1\tadd\t100\t90\t0\n"

/* The contents of the table, and the error that follows; 0: it ends there. */
static struct {
	const char *text;
	size_t left;
	int error;
} table;

static ssize_t table_pull(void *cookie, char *data, size_t size)
{
	size_t count = MIN(size, table.left);

	memcpy(data, table.text, count);
	table.text += count;
	table.left -= count;
	errno = table.error;
	return count || !table.error ? (ssize_t)count : -1;
}

FILE *__wrap_fopen(const char *path, const char *mode);

FILE *__wrap_fopen(const char *path, const char *mode)
{
	return fopencookie(NULL, mode, (cookie_io_functions_t){ .read = table_pull });
}

#define TEXT(text_) .text = (text_), .size = sizeof(text_) - 1

static const struct {
	const char *text;
	size_t size;
	int error;
	unsigned rows;
	int exit_code;
	const char *says;
} tables[] = {
	{ TEXT(HEADING ROW ROW), .rows = 2 },
	{ TEXT(ROW "alu\t1\tadd\t100\t90\t0\r\n" ROW), .rows = 3 },
	{ TEXT(HEADING ROW), EIO, 1, EXIT_HOST, "a.tsv: Input/output error" },
	{ TEXT(HEADING), EIO, 0, EXIT_HOST, "a.tsv: Input/output error" },
	{ TEXT(ROW "alu\t1\tadd\t100\t90\t0"), EIO, 1, EXIT_HOST, "a.tsv: Input/output error" },
	{ TEXT(""), EISDIR, 0, EXIT_HOST, "a.tsv: Is a directory" },
	{ TEXT(HEADING), 0, 0, EXIT_USAGE, "a.tsv:1: not a row" },
	{ TEXT(ROW "alu\n"), 0, 1, EXIT_USAGE, "a.tsv:2: not a row" },
	{ TEXT(ROW "\0" ROW), 0, 1, EXIT_USAGE, "a.tsv:2: not a row" },
};

static void expect(unsigned n)
{
	struct cycles_table rows;
	struct board_error error = { .exit_code = 0 };
	int failed;

	table.text = tables[n].text;
	table.left = tables[n].size;
	table.error = tables[n].error;
	failed = cycles_table_read(&rows, "a.tsv", &error);
	assert_int_equal(failed, tables[n].says ? -1 : 0);
	assert_int_equal(rows.count, tables[n].rows);
	assert_int_equal(error.exit_code, tables[n].exit_code);
	if (tables[n].says && !strstr(error.text, tables[n].says))
		fail_msg("table %u: '%s'", n, error.text);
	cycles_table_free(&rows);
}

static void test_tables(void **state)
{
	for (unsigned n = 0; n < ARRAY_SIZE(tables); n++)
		expect(n);
}

static void test_long_line(void **state)
{
	static char text[2000];
	struct cycles_table rows;
	struct board_error error = { .exit_code = 0 };

	memset(text, '1', sizeof(text));
	memcpy(text, ROW, strlen(ROW));
	table.text = text;
	table.left = sizeof(text);
	table.error = 0;
	assert_int_equal(cycles_table_read(&rows, "a.tsv", &error), -1);
	assert_non_null(strstr(error.text, "a.tsv:2: not a row"));
	cycles_table_free(&rows);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_tables),
	cmocka_unit_test(test_long_line),
	{ 0 },
};
