/* SPDX-License-Identifier: MIT */
/*
 * Runs a program on each of some cores, and has written what came of it: as text, as JSON, as a
 * page. Files are opened before the first run, so that nobody waits for what cannot be written.
 */
#include "frontends/cycles.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "devices/board.h"
#include "frontends/complain.h"
#include "frontends/cycles_data.h"
#include "frontends/exit_code.h"
#include "frontends/run.h"

#define STANDARD_OUTPUT "-"

/* Where reports go; NULL: nowhere. */
struct outputs {
	FILE *text, *json;
};

/*
 * Standard output is the report's alone: what the guest writes goes to stderr. NULL: no
 * descriptor is left.
 */
static FILE *take_standard_output(void)
{
	int report = dup(STDOUT_FILENO);

	if (report < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
		return NULL;
	return fdopen(report, "w");
}

static int open_outputs(struct outputs *outputs, const struct cycles_options *options)
{
	bool standard = options->json && !strcmp(options->json, STANDARD_OUTPUT);

	*outputs = (struct outputs){ .text = standard ? NULL : stdout };
	if (!options->json)
		return EXIT_WELL;
	outputs->json = standard ? take_standard_output() : fopen(options->json, "we");
	return outputs->json ? EXIT_WELL : complain_file("the report", options->json);
}

static int close_output(FILE *file, const char *path, int written)
{
	if (!file)
		return EXIT_WELL;
	return fclose(file) || written < 0 ? complain_file("the report", path) : EXIT_WELL;
}

/* Returns an exit code. The files are closed in either case. */
static int write_outputs(struct outputs *outputs, const struct cycles_data *data,
			 const struct cycles_options *options)
{
	int written = 0;

	if (outputs->text && data)
		cycles_write_text(data, outputs->text);
	if (outputs->json && data)
		written = cycles_write_json(data, outputs->json);
	return close_output(outputs->json, options->json, written);
}

/* Was the run one that can be reported? */
static bool is_measured(int code)
{
	return code == EXIT_WELL || code == EXIT_GUEST_FAILED || code == EXIT_LIMIT;
}

static int measure(const struct options *options, struct cycles_data *data, const char *core)
{
	struct options own = *options;
	struct board_error error;
	struct board *board;
	char name[CYCLES_CORE_NAME];
	int code;

	cycles_as_core(&own, core, name);
	board = board_create(&own.board, &error);
	if (!board)
		return complain(&error);
	if (board_count_cycles(board, true) < 0)
		code = complain_memory();
	else
		code = run_board(board, &own);
	if (is_measured(code) && cycles_data_take(data, board, false) < 0)
		code = complain_memory();
	board_free(board);
	return code;
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

/* The first exit code that is not 0, if all of them ran to some end. */
static int measure_all(const struct options *options, struct cycles_data *data, char *list)
{
	int code = EXIT_WELL;

	for (char *rest = list; rest;) {
		int one;

		if (data->count == CYCLES_CORES_MAX) {
			fprintf(stderr, "baya: --core: at most %u cores go side by side\n",
				CYCLES_CORES_MAX);
			return EXIT_USAGE;
		}
		one = measure(options, data, next_core(&rest));
		if (!is_measured(one))
			return one;
		code = code ? code : one;
	}
	return code;
}

int cycles_report(const struct options *options)
{
	struct cycles_data data = { .program = options->board.program };
	char *list = strdup(options->board.timing);
	struct outputs outputs = { 0 };
	int code, written;
	bool good;

	code = list ? open_outputs(&outputs, &options->cycles) : complain_memory();
	if (code != EXIT_WELL) {
		free(list);
		return code;
	}
	code = measure_all(options, &data, list);
	good = is_measured(code) && cycles_data_join(&data) == 0;
	written = write_outputs(&outputs, good ? &data : NULL, &options->cycles);
	cycles_data_free(&data);
	free(list);
	return code == EXIT_WELL ? written : code;
}
