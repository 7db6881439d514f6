/* SPDX-License-Identifier: MIT */
/* Opens and writes the files about a run; see run/files.h. */
#include "frontends/run/files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "devices/board/calls.h"
#include "devices/board/inspect/coverage.h"
#include "devices/board/inspect/logging.h"
#include "devices/board/samples.h"
#include "frontends/cli/options.h"
#include "frontends/display/screen.h"
#include "frontends/host/complain.h"
#include "frontends/host/exit_code.h"
#include "frontends/report/pipeview.h"
#include "frontends/report/profile.h"
#include "frontends/report/run_lines.h"
#include "frontends/run/recording.h"

static int open_pipeview(struct run_files *files, struct board *board,
			 const struct options *options)
{
	int error;

	files->pipeview =
		pipeview_open(options->pipeview, options->board.harts, options->pipeview_max);
	if (!files->pipeview)
		return complain_file("the pipeline", options->pipeview);
	error = pipeview_attach(files->pipeview, board);
	if (error != -ENOTSUP)
		return error ? complain_memory() : EXIT_WELL;
	fprintf(stderr, "baya: --pipeview: the core '%s' has no pipeline to be shown\n",
		options->board.timing);
	return EXIT_USAGE;
}

static int unknown_event(const char *name)
{
	fprintf(stderr, "baya: --profile-event: there is no event '%s'; accepted: ", name);
	for (unsigned n = 0; board_event_name(n); n++)
		fprintf(stderr, "%s%s", n ? ", " : "", board_event_name(n));
	fprintf(stderr, "\n");
	return EXIT_USAGE;
}

/* Starts to take samples, of which a profile is made without a core that counts events. Returns an
 * exit code. */
static int open_samples(struct run_files *files, struct board *board)
{
	files->samples = board_samples_create(board);
	if (!files->samples)
		return complain_memory();
	errno = -sampler_start(&files->sampler, files->samples);
	if (!errno)
		return EXIT_WELL;
	fprintf(stderr, "baya: --profile: no timer of the host: %s\n", strerror(errno));
	return EXIT_HOST;
}

static int find_event(struct run_files *files, const struct options *options)
{
	const char *wanted = options->profile.event ? options->profile.event : "cycles";
	const char *name;

	for (; (name = board_event_name(files->event)) != NULL; files->event++)
		if (!strcmp(name, wanted))
			break;
	return name ? EXIT_WELL : unknown_event(wanted);
}

/* Returns whether the format of the profile has source lines. */
static bool has_lines(const struct options *options)
{
	unsigned format = options->profile.format;

	if (format == PROFILE_BY_NAME)
		format = profile_format_of(options->profile.path);
	return format == PROFILE_CALLGRIND;
}

static int open_profile(struct run_files *files, struct board *board, const struct options *options)
{
	int code = options->board.timing ? find_event(files, options) : EXIT_WELL;

	if (code != EXIT_WELL)
		return code;
	errno = -output_open(&files->profile, options->profile.path);
	if (errno)
		return complain_file("the profile", options->profile.path);
	if (!options->board.timing)
		return open_samples(files, board);
	return board_count_calls(board, files->event, options->profile.period, has_lines(options)) ?
		       complain_memory() :
		       EXIT_WELL;
}

static int open_coverage(struct run_files *files, struct board *board,
			 const struct options *options)
{
	errno = -output_open(&files->coverage, options->coverage);
	if (errno)
		return complain_file("the coverage", options->coverage);
	return board_coverage_begin(board) ? complain_memory() : EXIT_WELL;
}

int run_files_open(struct run_files *files, struct board *board, const struct options *options)
{
	int code = EXIT_WELL;

	*files = (struct run_files){ 0 };
	if (options->pipeview)
		code = open_pipeview(files, board, options);
	if (code == EXIT_WELL && options->profile.path)
		code = open_profile(files, board, options);
	if (code == EXIT_WELL && options->coverage)
		code = open_coverage(files, board, options);
	if (code == EXIT_WELL)
		code = recording_open(&files->recording, board, &options->replay);
	if (code == EXIT_WELL)
		return code;
	/* There is no run to write about, so the old files stay. */
	output_close(&files->profile, -ECANCELED);
	output_close(&files->coverage, -ECANCELED);
	return code;
}

int run_files_begin(const struct options *options)
{
	const struct board_config *config = &options->board;
	const struct {
		const char *what, *path;
		void *file;
	} logs[] = {
		{ "the log", options->log_file, config->log_file },
		{ "the commit log", options->commit_log, config->commit_log },
		{ "native code", options->jit_dump, config->jit_dump },
	};

	for (unsigned n = 0; n < ARRAY_SIZE(logs); n++) {
		errno = logs[n].path ? -output_begin(logs[n].file) : 0;
		if (errno)
			return complain_file(logs[n].what, logs[n].path);
	}
	return EXIT_WELL;
}

static int write_callgrind(struct profile *profile, const struct options *options, FILE *out)
{
	struct lines *lines = run_lines(&options->board);
	int error;

	profile->lines = lines;
	profile->program = options->board.program ? options->board.program :
			   options->board.kernel  ? options->board.kernel :
						    "";
	error = lines ? profile_write_callgrind(profile, out) : -ENOMEM;
	lines_free(lines);
	return error;
}

static int write_profile(const struct run_files *files, struct board *board,
			 const struct options *options)
{
	struct profile profile = {
		.event = files->samples ? "samples" : board_event_name(files->event),
	};
	int error = files->samples ? board_samples_calls(files->samples, &profile.of) :
				     board_calls(board, &profile.of);

	if (error)
		return error;
	if (profile.of.full)
		fprintf(stderr,
			"baya: --profile: there are too many different stacks of calls; those "
			"that came last are counted for their callers\n");
	error = has_lines(options) ? write_callgrind(&profile, options, files->profile.file) :
				     profile_write_folded(&profile, files->profile.file);
	board_calls_free(&profile.of);
	return error;
}

static int close_profile(struct run_files *files, struct board *board,
			 const struct options *options)
{
	int failed = 0;

	sampler_stop(&files->sampler);
	if (files->profile.file)
		failed = output_close(&files->profile, write_profile(files, board, options));
	board_samples_free(files->samples);
	errno = -failed;
	return failed ? complain_file("the profile", options->profile.path) : EXIT_WELL;
}

static int close_coverage(struct run_files *files, struct board *board,
			  const struct options *options)
{
	if (!files->coverage.file)
		return EXIT_WELL;
	errno = -output_close(&files->coverage, board_coverage_write(board, files->coverage.file));
	return errno ? complain_file("the coverage", options->coverage) : EXIT_WELL;
}

int run_files_close(struct run_files *files, struct board *board, const struct options *options)
{
	const int codes[] = {
		recording_close(files->recording, board, &options->replay),
		close_profile(files, board, options),
		close_coverage(files, board, options),
	};
	struct board_log_end log;
	int code = EXIT_WELL;

	for (unsigned n = 0; n < ARRAY_SIZE(codes); n++)
		code = exit_code_of(code, codes[n]);
	errno = -pipeview_close(files->pipeview);
	if (errno)
		code = exit_code_of(code, complain_file("the pipeline", options->pipeview));
	board_log_file(board, NULL, &log);
	errno = -log.failed;
	if (errno)
		code = exit_code_of(code, complain_file("the log", log.path));
	return code;
}

int run_files_picture(struct screen *screen, const char *path)
{
	const struct screen_picture picture = { .path = path };
	int failed = screen_shot(screen, &picture);

	if (failed == -ENODATA || failed == -ENODEV) {
		fprintf(stderr, "baya: --screenshot: the guest shows nothing; no file is "
				"written\n");
		return EXIT_WELL;
	}
	errno = -failed;
	return failed ? complain_file("the picture", path) : EXIT_WELL;
}
