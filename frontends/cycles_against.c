/* SPDX-License-Identifier: MIT */
/*
 * Programs that measure themselves leave records {id, cycles, instret, extra} between the symbols
 * begin_signature and end_signature. Here they are run and held against a table.
 */
#include "frontends/cycles.h"

#include <fnmatch.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "devices/board_look.h"
#include "frontends/complain.h"
#include "frontends/cycles_table.h"
#include "frontends/exit_code.h"
#include "frontends/run.h"

#define RECORDS_MAX 4096 /* of a program */
#define EMPTY_CALLS 2 /* ids 1 and 2 measure nothing: what is off there is off everywhere */

typedef unsigned long long ull;

struct record {
	u64 id, cycles, instret, extra;
};

/* What the comparison comes to so far. */
struct totals {
	unsigned records, exact;
	unsigned counted; /* in `sum`: all but the empty calls */
	double sum, worst; /* errors in percent */
	const struct cycles_row *worst_row;
	unsigned wrong; /* records whose instret or extra is another */
};

/* The records the program left; the caller frees them. NULL: there are none. */
static struct record *records_of(struct board *board, unsigned *count)
{
	struct record *records;
	u64 begin, end;

	if (!board_find_symbol(board, "begin_signature", &begin) ||
	    !board_find_symbol(board, "end_signature", &end) || end <= begin)
		return NULL;
	*count = (unsigned)MIN((end - begin) / sizeof(*records), RECORDS_MAX);
	records = calloc(*count, sizeof(*records));
	if (records && board_peek(board, 0, true, begin, records, *count * sizeof(*records)))
		return records;
	free(records);
	return NULL;
}

static const struct record *find(const struct record *records, unsigned count, u64 id)
{
	for (unsigned n = 0; n < count; n++)
		if (records[n].id == id)
			return &records[n];
	return NULL;
}

static void compare(const struct cycles_row *row, const struct record *record,
		    struct totals *totals)
{
	u64 cycles = record ? record->cycles : 0;
	double error = 100.0 * ((double)cycles - (double)row->cycles) / (double)row->cycles;
	bool wrong = !record || record->instret != row->instret || record->extra != row->extra;

	printf("%-10s %4llu %10llu %10llu %+8.2f%%  %s%s\n", row->program, (ull)row->id,
	       (ull)row->cycles, (ull)cycles, error, row->label,
	       !record ? ": not measured" : wrong ? ": other instret or extra" : "");
	totals->records++;
	totals->exact += cycles == row->cycles;
	totals->wrong += wrong;
	if (row->id <= EMPTY_CALLS)
		return;
	error = error < 0 ? -error : error;
	totals->counted++;
	totals->sum += error;
	if (error >= totals->worst) {
		totals->worst = error;
		totals->worst_row = row;
	}
}

/* Run a program and compare `count` rows, all of it. Returns an exit code. */
static int run_program(const struct options *options, const struct cycles_row *rows,
		       unsigned count, struct totals *totals)
{
	struct options own = *options;
	struct record *records = NULL;
	struct board_error error;
	struct board *board;
	unsigned record_count = 0;
	char path[4096], core[CYCLES_CORE_NAME];
	int code;

	snprintf(path, sizeof(path), "%s/%s.elf", options->board.program, rows->program);
	if (access(path, R_OK)) {
		fprintf(stderr, "baya: %s:%u: there is no %s\n", options->cycles.against,
			rows->line, path);
		return EXIT_USAGE;
	}
	own.board.program = path;
	cycles_as_core(&own, options->board.timing, core);
	board = board_create(&own.board, &error);
	if (!board)
		return complain(&error);
	code = run_board(board, &own);
	if (code == EXIT_WELL)
		records = records_of(board, &record_count);
	for (unsigned n = 0; n < count && code == EXIT_WELL; n++)
		compare(&rows[n], find(records, record_count, rows[n].id), totals);
	free(records);
	board_free(board);
	return code;
}

static bool is_wanted(const struct options *options, const char *program)
{
	return !options->cycles.only || !fnmatch(options->cycles.only, program, 0);
}

static int run_table(const struct options *options, const struct cycles_table *table,
		     struct totals *totals)
{
	unsigned first = 0, next;
	int code = EXIT_WELL;

	printf("%-10s %4s %10s %10s %9s  %s\n", "program", "id", "table", "ours", "error",
	       "label");
	for (; first < table->count && code == EXIT_WELL; first = next) {
		const struct cycles_row *rows = &table->rows[first];

		for (next = first; next < table->count; next++)
			if (strcmp(table->rows[next].program, rows->program))
				break;
		if (is_wanted(options, rows->program))
			code = run_program(options, rows, next - first, totals);
	}
	return code;
}

/* What it came to. */
static void print_totals(const struct totals *totals, double mean)
{
	printf("%u of %u records exact; without empty calls the mean error is %.3f%%, the worst "
	       "%.2f%%", totals->exact, totals->records, mean, totals->worst);
	if (totals->worst_row && totals->worst > 0)
		printf(" (%s %llu)", totals->worst_row->program, (ull)totals->worst_row->id);
	printf("\n");
	if (totals->wrong)
		printf("%u records with another instret or extra\n", totals->wrong);
}

/* Who sets a limit to errors of cycles allows none of instret and of what programs computed. */
static bool is_past(const struct cycles_options *limits, const struct totals *totals, double mean)
{
	bool limited = !isinf(limits->max_error) || !isinf(limits->max_mean);

	return totals->worst > limits->max_error || mean > limits->max_mean ||
	       (limited && totals->wrong);
}

int cycles_against(const struct options *options)
{
	struct totals totals = { 0 };
	struct cycles_table table;
	struct board_error error;
	double mean;
	int code;

	if (cycles_table_read(&table, options->cycles.against, &error) < 0) {
		cycles_table_free(&table);
		return complain(&error);
	}
	code = run_table(options, &table, &totals);
	mean = totals.counted ? totals.sum / totals.counted : 0;
	if (code == EXIT_WELL && !totals.records) {
		fprintf(stderr, "baya: %s: no program is like '%s'\n", options->cycles.against,
			options->cycles.only ? options->cycles.only : "*");
		code = EXIT_USAGE;
	}
	if (code == EXIT_WELL) {
		print_totals(&totals, mean);
		if (is_past(&options->cycles, &totals, mean))
			code = EXIT_GUEST_FAILED;
	}
	cycles_table_free(&table);
	return code;
}
