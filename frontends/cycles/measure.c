/* SPDX-License-Identifier: MIT */
/* See measure.h. */
#include "frontends/cycles/measure.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "devices/board/inspect/hart_state.h"
#include "devices/board/inspect/space.h"
#include "frontends/host/complain.h"
#include "frontends/host/exit_code.h"
#include "frontends/cycles/cycles.h"
#include "frontends/run/run.h"

#define RECORDS_MAX 4096 /* records of one program */

/* Returns the records that the program has left in memory, which the caller frees; NULL if there
 * are none. */
static struct cycles_record *records_of(struct board *board, unsigned *count)
{
	struct cycles_record *records;
	struct board_memory at;
	u64 begin, end;

	if (!board_find_symbol(board, "begin_signature", &begin) ||
	    !board_find_symbol(board, "end_signature", &end) || end <= begin)
		return NULL;
	*count = (unsigned)MIN((end - begin) / sizeof(*records), RECORDS_MAX);
	records = calloc(*count, sizeof(*records));
	at = (struct board_memory){ .space.kind = SPACE_PHYSICAL, .addr = begin,
				    .size = *count * sizeof(*records) };
	if (records && board_peek(board, &at, records))
		return records;
	free(records);
	return NULL;
}

static const struct cycles_record *measure_find(const struct cycles_record *records, unsigned count,
						u64 id)
{
	for (unsigned n = 0; n < count; n++)
		if (records[n].id == id)
			return &records[n];
	return NULL;
}

/* The table's rows about one program. */
struct rows {
	const struct cycles_row *row;
	unsigned count;
};

static int run_program(const struct options *options, const struct rows *rows,
		       cycles_found_fn *found, void *ctx)
{
	struct options own = *options;
	struct cycles_record *records = NULL;
	struct board_error error;
	struct board *board;
	unsigned record_count = 0;
	char path[4096], core[CYCLES_CORE_NAME];
	int code;

	snprintf(path, sizeof(path), "%s/%s.elf", options->board.program, rows->row->program);
	if (access(path, R_OK)) {
		fprintf(stderr, "baya: %s:%u: there is no %s\n", options->cycles.against,
			rows->row->line, path);
		return EXIT_USAGE;
	}
	own.board.program = path;
	cycles_as_core(&own, options->board.timing, core);
	board = board_create(&own.board, &error);
	if (!board)
		return complain(&error);
	code = run_board(board, &own, NULL);
	if (code == EXIT_WELL)
		records = records_of(board, &record_count);
	for (unsigned n = 0; n < rows->count && code == EXIT_WELL; n++)
		found(ctx, &rows->row[n], measure_find(records, record_count, rows->row[n].id));
	free(records);
	board_free(board);
	return code;
}

static bool is_wanted(const struct options *options, const char *program)
{
	return !options->cycles.only || !fnmatch(options->cycles.only, program, 0);
}

int cycles_measure(const struct options *options, const struct cycles_table *table,
		   cycles_found_fn *found, void *ctx)
{
	bool any = false;
	int code = EXIT_WELL;

	for (unsigned first = 0, next; first < table->count && code == EXIT_WELL; first = next) {
		struct rows rows = { .row = &table->rows[first] };

		for (next = first; next < table->count; next++)
			if (strcmp(table->rows[next].program, rows.row->program))
				break;
		rows.count = next - first;
		if (!is_wanted(options, rows.row->program))
			continue;
		any = true;
		code = run_program(options, &rows, found, ctx);
	}
	if (code != EXIT_WELL || any)
		return code;
	fprintf(stderr, "baya: %s: no program matches '%s'\n", options->cycles.against,
		options->cycles.only ? options->cycles.only : "*");
	return EXIT_USAGE;
}
