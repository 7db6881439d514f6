/* SPDX-License-Identifier: MIT */
/* Reads tables; see table.h. */
#include "frontends/cycles/table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/line.h"
#include "bus/number.h"
#include "devices/board/board.h"
#include "frontends/host/complain.h"
#include "frontends/host/exit_code.h"

#define COLUMNS 6

static const char *const columns[COLUMNS] = {
	"program", "id", "label", "cycles", "instret", "extra",
};

static int table_malformed(struct board_error *error, const char *path, unsigned line)
{
	snprintf(error->text, sizeof(error->text),
		 "%.300s:%u: not a row of program, id, label, "
		 "cycles, instret, extra, separated by tabs",
		 path, line);
	error->exit_code = EXIT_USAGE;
	return -1;
}

static bool table_copy(char *to, size_t size, const char *from)
{
	return *from && snprintf(to, size, "%s", from) < (int)size;
}

/* Splits a line into its columns; returns false if it has more or fewer than COLUMNS. */
static bool table_cut(char *line, char *cells[COLUMNS])
{
	unsigned count = 0;

	line[strcspn(line, "\r")] = '\0';
	for (char *cell; (cell = strsep(&line, "\t")) != NULL; count++) {
		if (count == COLUMNS)
			return false;
		cells[count] = cell;
	}
	return count == COLUMNS;
}

static bool is_heading(char *cells[COLUMNS])
{
	for (unsigned n = 0; n < COLUMNS; n++)
		if (strcmp(cells[n], columns[n]))
			return false;
	return true;
}

static bool table_take(struct cycles_row *row, char *cells[COLUMNS])
{
	return table_copy(row->program, sizeof(row->program), cells[0]) &&
	       number_parse(cells[1], &row->id) &&
	       table_copy(row->label, sizeof(row->label), cells[2]) &&
	       number_parse(cells[3], &row->cycles) && number_parse(cells[4], &row->instret) &&
	       number_parse(cells[5], &row->extra) && row->cycles;
}

static struct cycles_row *table_add(struct cycles_table *table)
{
	struct cycles_row *rows = realloc(table->rows, (table->count + 1) * sizeof(*rows));

	if (!rows)
		complain_exhausted();
	table->rows = rows;
	return &rows[table->count++];
}

static int table_unreadable(struct board_error *error, const char *path, int failed)
{
	snprintf(error->text, sizeof(error->text), "%.300s: %s", path, strerror(-failed));
	error->exit_code = EXIT_HOST;
	return -1;
}

static int read_lines(struct cycles_table *table, FILE *file, const char *path,
		      struct board_error *error)
{
	char text[512], *cells[COLUMNS];
	unsigned line = 1;
	int got;

	for (; (got = line_read(file, text, sizeof(text))) == 1; line++) {
		struct cycles_row *row;

		if (!table_cut(text, cells))
			return table_malformed(error, path, line);
		if (line == 1 && is_heading(cells))
			continue;
		row = table_add(table);
		row->line = line;
		if (!table_take(row, cells))
			return table_malformed(error, path, line);
	}
	if (got == -E2BIG || got == -EILSEQ)
		return table_malformed(error, path, line);
	if (got)
		return table_unreadable(error, path, got);
	return table->count ? 0 : table_malformed(error, path, 1);
}

int cycles_table_read(struct cycles_table *table, const char *path, struct board_error *error)
{
	FILE *file = fopen(path, "re");
	int failed;

	*table = (struct cycles_table){ 0 };
	if (!file)
		return table_unreadable(error, path, -errno);
	failed = read_lines(table, file, path, error);
	fclose(file);
	return failed;
}

void cycles_table_free(struct cycles_table *table)
{
	free(table->rows);
	table->rows = NULL;
	table->count = 0;
}
