/* SPDX-License-Identifier: MIT */
/*
 * What a program takes on each of some cores, side by side: in all, and by function. The lines
 * sum up to the total: what was before the model began, and is under way at the end, is one too.
 */
#include "frontends/cycles.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devices/board.h"
#include "devices/board_timing.h"
#include "frontends/exit_code.h"
#include "frontends/run.h"

#define CORES_MAX 8

typedef unsigned long long ull;

struct core_run {
	char name[CYCLES_CORE_NAME];
	u64 cycles, instructions;
	struct board_function *functions;
	unsigned count;
};

struct report {
	struct core_run runs[CORES_MAX];
	unsigned count;
};

static int fail(const struct board_error *error)
{
	fprintf(stderr, "baya: %s\n", error->text);
	return error->exit_code;
}

static void take(struct core_run *run, struct board *board)
{
	struct board_stats stats;

	board_stats(board, &stats);
	run->cycles = stats.cycles;
	run->instructions = stats.instructions;
	run->functions = board_functions(board, &run->count);
}

static int measure(const struct options *options, struct core_run *run, const char *core)
{
	struct options own = *options;
	struct board_error error;
	struct board *board;
	int code;

	cycles_as_core(&own, core, run->name);
	board = board_create(&own.board, &error);
	if (!board)
		return fail(&error);
	if (board_count_cycles(board) < 0) {
		board_free(board);
		return EXIT_HOST;
	}
	code = run_board(board, &own);
	take(run, board);
	board_free(board);
	return code;
}

static u64 spent_on(const struct core_run *run, unsigned cause)
{
	u64 cycles = 0;

	for (unsigned n = 0; n < run->count; n++)
		cycles += run->functions[n].causes[cause];
	return cycles;
}

static const struct board_function *find(const struct core_run *run, const char *name)
{
	for (unsigned n = 0; n < run->count; n++)
		if (!strcmp(run->functions[n].name, name))
			return &run->functions[n];
	return NULL;
}

static void print_cost(const struct core_run *run, u64 cycles, u64 instructions)
{
	printf(" %12llu %12llu ", (ull)cycles, (ull)instructions);
	if (instructions)
		printf("%6.3f", (double)cycles / (double)instructions);
	else
		printf("%6s", "-");
	printf(" %5.1f%%", run->cycles ? 100.0 * (double)cycles / (double)run->cycles : 0);
}

static void print_line(const struct report *report, const char *name)
{
	printf("%-28.28s", name);
	for (unsigned n = 0; n < report->count; n++) {
		const struct core_run *run = &report->runs[n];
		const struct board_function *function = find(run, name);

		print_cost(run, function ? function->cycles : 0,
			   function ? function->instructions : 0);
	}
	printf("\n");
}

/* The functions of the first core, by its cycles; then those that only others ran. */
static void print_functions(const struct report *report)
{
	for (unsigned n = 0; n < report->count; n++)
		for (unsigned f = 0; f < report->runs[n].count; f++) {
			const char *name = report->runs[n].functions[f].name;
			bool told = false;

			for (unsigned before = 0; before < n; before++)
				told = told || find(&report->runs[before], name);
			if (!told)
				print_line(report, name);
		}
}

/* What belongs to no function. */
static void print_rest(const struct report *report)
{
	printf("%-28s", "(before and under way)");
	for (unsigned n = 0; n < report->count; n++) {
		const struct core_run *run = &report->runs[n];
		u64 cycles = run->cycles, instructions = run->instructions;

		for (unsigned f = 0; f < run->count; f++) {
			cycles -= run->functions[f].cycles;
			instructions -= run->functions[f].instructions;
		}
		print_cost(run, cycles, instructions);
	}
	printf("\n");
}

/* The CPI stack: what all cycles of all functions were spent on. */
static void print_stack(const struct report *report)
{
	printf("\nspent on\n");
	for (unsigned cause = 0; board_cause_name(cause); cause++) {
		bool any = false;

		for (unsigned n = 0; n < report->count; n++)
			any = any || spent_on(&report->runs[n], cause);
		if (!any)
			continue;
		printf("%-28s", board_cause_name(cause));
		for (unsigned n = 0; n < report->count; n++) {
			const struct core_run *run = &report->runs[n];

			print_cost(run, spent_on(run, cause), run->instructions);
		}
		printf("\n");
	}
}

static void print_report(const struct report *report)
{
	printf("%-28s", "");
	for (unsigned n = 0; n < report->count; n++)
		printf(" %39.39s", report->runs[n].name);
	printf("\n%-28s", "function");
	for (unsigned n = 0; n < report->count; n++)
		printf(" %12s %12s %6s %6s", "cycles", "instructions", "CPI", "share");
	printf("\n");
	print_functions(report);
	print_rest(report);
	printf("%-28s", "total");
	for (unsigned n = 0; n < report->count; n++)
		print_cost(&report->runs[n], report->runs[n].cycles, report->runs[n].instructions);
	printf("\n");
	print_stack(report);
}

/* A word without '=' begins another core; the others are values of the one before. */
static char *next_core(char **rest)
{
	char *core = *rest, *comma = strchr(core, ',');

	while (comma && strcspn(comma + 1, "=") < strcspn(comma + 1, ","))
		comma = strchr(comma + 1, ',');
	if (comma)
		*comma = '\0';
	*rest = comma ? comma + 1 : NULL;
	return core;
}

int cycles_report(const struct options *options)
{
	struct report report = { 0 };
	char *list = strdup(options->board.timing), *rest = list;
	int code = list ? EXIT_WELL : EXIT_HOST;

	while (rest && code == EXIT_WELL && report.count < CORES_MAX) {
		struct core_run *run = &report.runs[report.count++];
		char *core = next_core(&rest);

		code = measure(options, run, core);
	}
	if (code == EXIT_WELL || code == EXIT_GUEST_FAILED)
		print_report(&report);
	for (unsigned n = 0; n < report.count; n++)
		free(report.runs[n].functions);
	free(list);
	return code;
}
