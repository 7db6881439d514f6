/* SPDX-License-Identifier: MIT */
/* Runs programs that measure themselves and compares the results with a table. */
#include "frontends/cycles/cycles.h"

#include <math.h>
#include <stdio.h>

#include "devices/board/board.h"
#include "frontends/cli/options.h"
#include "frontends/host/complain.h"
#include "frontends/host/exit_code.h"
#include "frontends/cycles/measure.h"

/* The result of the comparison so far. */
struct totals {
	unsigned records, exact;
	unsigned counted; /* records in `sum`: all but the empty calls */
	double sum, worst; /* errors in percent */
	const struct cycles_row *worst_row;
	unsigned wrong; /* records with a wrong instret or extra */
};

static void against_compare(void *ctx, const struct cycles_row *row,
			    const struct cycles_record *record)
{
	struct totals *totals = ctx;
	u64 cycles = record ? record->cycles : 0;
	double error = 100.0 * ((double)cycles - (double)row->cycles) / (double)row->cycles;
	bool wrong = !record || record->instret != row->instret || record->extra != row->extra;

	printf("%-10s %4llu %10llu %10llu %+8.2f%%  %s%s\n", row->program, row->id, row->cycles,
	       cycles, error, row->label,
	       !record ? ": not measured" :
	       wrong   ? ": other instret or extra" :
			 "");
	totals->records++;
	totals->exact += cycles == row->cycles;
	totals->wrong += wrong;
	if (row->id <= CYCLES_EMPTY_CALLS)
		return;
	error = error < 0 ? -error : error;
	totals->counted++;
	totals->sum += error;
	if (error >= totals->worst) {
		totals->worst = error;
		totals->worst_row = row;
	}
}

/* Prints the result. */
static void print_totals(const struct totals *totals, double mean)
{
	printf("%u of %u records exact; without empty calls the mean error is %.3f%%, the worst "
	       "%.2f%%",
	       totals->exact, totals->records, mean, totals->worst);
	if (totals->worst_row && totals->worst > 0)
		printf(" (%s %llu)", totals->worst_row->program, totals->worst_row->id);
	printf("\n");
	if (totals->wrong)
		printf("%u records with another instret or extra\n", totals->wrong);
}

/* Returns whether the result is beyond a limit. If a limit for errors of cycles is given, instret
 * and the programs' results must be exact. */
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
	printf("%-10s %4s %10s %10s %9s  %s\n", "program", "id", "table", "ours", "error", "label");
	code = cycles_measure(options, &table, against_compare, &totals);
	mean = totals.counted ? totals.sum / totals.counted : 0;
	if (code == EXIT_WELL) {
		print_totals(&totals, mean);
		if (is_past(&options->cycles, &totals, mean))
			code = EXIT_GUEST_FAILED;
	}
	cycles_table_free(&table);
	return code;
}
