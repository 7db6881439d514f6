/* SPDX-License-Identifier: MIT */
/*
 * Runs a program on each of several cores, and writes the report: as text, as JSON, as a page. The
 * files are opened before the first run, so that an error with them is reported at once.
 */
#include "frontends/cycles/cycles.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bus/output.h"
#include "devices/board/board.h"
#include "devices/board/timing/regions.h"
#include "devices/board/timing/timing.h"
#include "frontends/cli/cores.h"
#include "frontends/host/complain.h"
#include "frontends/host/exit_code.h"
#include "frontends/cycles/data.h"
#include "frontends/report/lines.h"
#include "frontends/report/run_lines.h"
#include "frontends/run/run.h"

#define STANDARD_OUTPUT "-"
#define NOTHING (-ENODATA) /* nothing was measured, so there is nothing to write */

/* The files of the report; NULL: not wanted. */
struct outputs {
	FILE *text;
	struct output json, page;
};

/* Reserves standard output for the report: the guest's output goes to stderr instead. Returns 0 or
 * -errno. */
static int take_standard_output(struct output *output)
{
	int report = dup(STDOUT_FILENO);

	if (report < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
		return -errno;
	output->file = fdopen(report, "w");
	return output->file ? 0 : -errno;
}

static int open_outputs(struct outputs *outputs, const struct cycles_options *options)
{
	bool standard = options->json && !strcmp(options->json, STANDARD_OUTPUT);

	*outputs = (struct outputs){ .text = standard ? NULL : stdout };
	if (options->html) {
		errno = -output_open(&outputs->page, options->html);
		if (errno)
			return complain_file("the page", options->html);
	}
	if (options->json) {
		errno = standard ? -take_standard_output(&outputs->json) :
				   -output_open(&outputs->json, options->json);
		if (errno)
			return complain_file("the report", options->json);
	}
	return EXIT_WELL;
}

static int write_page(const struct cycles_data *data, const struct options *options, FILE *out)
{
	struct lines *lines = run_lines(&options->board);
	int written;

	if (!lines)
		return -ENOMEM;
	written = cycles_write_page(data, lines, out);
	lines_free(lines);
	return written;
}

/* Closes a file of the report. If there is no report, an existing file is not replaced. */
static int close_output(struct output *output, const char *what, const char *path, int written)
{
	errno = -output_close(output, written);
	return errno && written != NOTHING ? complain_file(what, path) : EXIT_WELL;
}

/* Writes the report's files, and closes them in any case. Returns an exit code. */
static int write_outputs(struct outputs *outputs, const struct cycles_data *data,
			 const struct options *options)
{
	int json = data ? 0 : NOTHING, page = json;

	if (outputs->text && data)
		cycles_write_text(data, outputs->text);
	if (outputs->json.file && data)
		json = cycles_write_json(data, outputs->json.file);
	if (outputs->page.file && data)
		page = write_page(data, options, outputs->page.file);
	json = close_output(&outputs->json, "the report", options->cycles.json, json);
	page = close_output(&outputs->page, "the page", options->cycles.html, page);
	return json ? json : page;
}

/* Returns whether the run ended in a way that can be reported. The codes below EXIT_WELL are those
 * that the guest has chosen. */
static bool is_measured(int code)
{
	return code == EXIT_WELL || code == EXIT_GUEST_FAILED || code == EXIT_LIMIT ||
	       code < EXIT_WELL;
}

/* Returns whether the run was timed. If it was not, the end of the run has already reported
 * that. */
static bool has_figures(struct board *board)
{
	struct board_cost cost;
	u64 regions;

	return !board_roi(board, &regions, &cost) || regions;
}

static int report_measure(const struct options *options, struct cycles_data *data, const char *core)
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
		code = run_board(board, &own, NULL);
	if (is_measured(code) && !has_figures(board))
		code = EXIT_USAGE;
	if (is_measured(code) &&
	    cycles_data_take(data, board, options->board.harts, options->cycles.html) < 0)
		code = complain_memory();
	board_free(board);
	return code;
}

/* Splits off the next core of a list. */
static char *next_core(char **rest)
{
	char *core = *rest;
	const char *comma = cores_end_first(core);

	*rest = NULL;
	if (comma) {
		*rest = core + (comma - core);
		*(*rest)++ = '\0';
	}
	return core;
}

/* Measures all cores. Returns the first exit code that is not 0, or that of a run that ended in a
 * way that cannot be reported. */
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
		one = report_measure(options, data, next_core(&rest));
		if (!is_measured(one))
			return one;
		code = code ? code : one;
	}
	return code;
}

/* Returns the file that the report is named after. */
static const char *named_after(const struct board_config *board)
{
	const char *const files[] = {
		board->program, board->kernel, board->pflash[0].file,
		board->load_count ? board->loads[0].file : NULL,
	};

	for (unsigned n = 0; n < ARRAY_SIZE(files); n++)
		if (files[n])
			return files[n];
	return board->bios ? board->bios : "default";
}

int cycles_report(const struct options *options)
{
	struct cycles_data data = { .program = named_after(&options->board) };
	char *list = strdup(options->board.timing);
	struct outputs outputs = { 0 };
	int code, written;
	bool good;

	code = list ? open_outputs(&outputs, &options->cycles) : complain_memory();
	if (code != EXIT_WELL) {
		write_outputs(&outputs, NULL, options);
		free(list);
		return code;
	}
	code = measure_all(options, &data, list);
	good = is_measured(code) && cycles_data_join(&data) == 0;
	written = write_outputs(&outputs, good ? &data : NULL, options);
	cycles_data_free(&data);
	free(list);
	return code == EXIT_WELL ? written : code;
}
