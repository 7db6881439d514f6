/* SPDX-License-Identifier: MIT */
/* Begins and ends the recording of a run's input, or the replay; see run/recording.h. */
#include "frontends/run/recording.h"

#include <errno.h>

#include "bus/output.h"
#include "devices/board/replay.h"
#include "frontends/host/complain.h"
#include "frontends/host/exit_code.h"
#include "frontends/host/replay_options.h"

/* Starts to record the run's input. Returns an exit code. */
static int start_recording(FILE **file, struct board *board, const char *path)
{
	*file = output_grow(path);
	if (!*file)
		return complain_file("the recording", path);
	errno = -output_begin(*file);
	if (!errno)
		errno = -board_record(board, *file);
	if (!errno)
		return EXIT_WELL;
	complain_file("the recording", path);
	fclose(*file);
	*file = NULL;
	return EXIT_HOST;
}

static int start_replay(struct board *board, const char *path)
{
	struct board_error error;

	if (board_replay(board, path, &error))
		return complain(&error);
	if (!board_replay_has_end(board))
		fprintf(stderr,
			"baya: %s: the recording has no end, as its run was killed or could write "
			"no more; the replay continues after its last input until the guest asks "
			"for more\n",
			path);
	return EXIT_WELL;
}

int recording_open(FILE **file, struct board *board, const struct replay_options *replay)
{
	switch (replay->mode) {
	case REPLAY_RECORD:
		return start_recording(file, board, replay->file);
	case REPLAY_PLAY:
		return start_replay(board, replay->file);
	default:
		return EXIT_WELL;
	}
}

int recording_close(FILE *file, struct board *board, const struct replay_options *replay)
{
	const char *differs;
	int failed;

	if (file) {
		failed = board_record_end(board);
		errno = -output_end(file);
		if (!errno)
			errno = -failed;
		if (errno)
			return complain_file("the recording", replay->file);
	}
	differs = board_replay_difference(board);
	if (differs)
		fprintf(stderr, "baya: %s: the replay is not the recorded run: %s\n", replay->file,
			differs);
	return differs ? EXIT_DISAGREE : EXIT_WELL;
}
