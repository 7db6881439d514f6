/* SPDX-License-Identifier: MIT */
/* Files about a run; see run/files.h. */
#include "frontends/run/files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "devices/board/calls.h"
#include "frontends/cli/options.h"
#include "frontends/display/screen.h"
#include "frontends/host/complain.h"
#include "frontends/host/exit_code.h"
#include "frontends/report/pipeview.h"
#include "frontends/report/profile.h"

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

static int open_profile(struct run_files *files, struct board *board, const struct options *options)
{
	const char *wanted = options->profile.event ? options->profile.event : "cycles";
	const char *name;

	for (; (name = board_event_name(files->event)) != NULL; files->event++)
		if (!strcmp(name, wanted))
			break;
	if (!name)
		return unknown_event(wanted);
	errno = -output_open(&files->profile, options->profile.path);
	if (errno)
		return complain_file("the profile", options->profile.path);
	return board_count_calls(board, files->event, options->profile.period) ? complain_memory() :
										 EXIT_WELL;
}

int run_files_open(struct run_files *files, struct board *board, const struct options *options)
{
	int code = EXIT_WELL;

	*files = (struct run_files){ 0 };
	if (options->pipeview)
		code = open_pipeview(files, board, options);
	if (code == EXIT_WELL && options->profile.path)
		code = open_profile(files, board, options);
	return code;
}

static int write_profile(const struct run_files *files, struct board *board,
			 const struct options *options)
{
	struct profile profile = { .event = board_event_name(files->event) };
	struct board_call *calls = board_calls(board, &profile.count);
	unsigned format = options->profile.format;
	int error;

	if (!calls)
		return -ENOMEM;
	profile.calls = calls;
	profile.program = options->board.program ? options->board.program :
			  options->board.kernel  ? options->board.kernel :
						   "";
	if (format == PROFILE_BY_NAME)
		format = profile_format_of(options->profile.path);
	error = format == PROFILE_FOLDED ? profile_write_folded(&profile, files->profile.file) :
					   profile_write_callgrind(&profile, files->profile.file);
	free(calls);
	return error;
}

static int close_profile(struct run_files *files, struct board *board,
			 const struct options *options)
{
	if (!files->profile.file)
		return EXIT_WELL;
	errno = -output_close(&files->profile, write_profile(files, board, options));
	return errno ? complain_file("the profile", options->profile.path) : EXIT_WELL;
}

int run_files_close(struct run_files *files, struct board *board, const struct options *options)
{
	int code = close_profile(files, board, options);

	if (pipeview_close(files->pipeview) < 0)
		code = complain_file("the pipeline", options->pipeview);
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
