/* SPDX-License-Identifier: MIT */
/*
 * A recording ends with a record of its own, which holds the hash of the machine's state: a replay
 * comes to that record as to any other input, and compares.
 */
#include "devices/board/replay.h"

#include "bus/journal_file.h"
#include "devices/board/machine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void end_put(void *ctx, const u8 *data, size_t size)
{
	struct board *board = ctx;
	u64 hash;

	if (!board->platform.journal.replaying || size != sizeof(hash))
		return;
	memcpy(&hash, data, sizeof(hash));
	board->replay.over = true;
	board->replay.differs = state_hash(&board->platform.state) != hash;
}

void board_replay_connect(struct board *board)
{
	const struct journal_sink sink = { .name = "end of recording", .put = end_put,
					   .ctx = board };

	board->replay.end_sink = journal_register(&board->platform.journal, &sink);
	board->replay.limit = UINT64_MAX;
}

void board_replay_free(struct board *board)
{
	if (board->replay.file)
		journal_file_free(board->replay.file);
	free(board->replay.file);
}

bool board_is_fixed(const struct board *board)
{
	const struct journal *journal = &board->platform.journal;

	return board_copies(&board->config) || journal->recording || journal->replaying;
}

/*
 * Returns a hash of all that the machine consists of at the beginning, except the contents of
 * disks. What fw_cfg has is no state, since the guest cannot change it. Nor are random turns, with
 * or without which a state may be continued.
 */
static u64 hash_beginning(const struct board *board)
{
	u64 state = state_hash(&board->platform.state) + board->config.chaos;

	return fwcfg_hash(&board->fwcfg, state);
}

int board_record(struct board *board, FILE *file)
{
	struct platform *platform = &board->platform;
	int failed = journal_file_start(&platform->journal, file, board_version(board),
					hash_beginning(board));

	board->replay.recorded = !failed;
	return failed;
}

int board_record_end(struct board *board)
{
	struct journal *journal = &board->platform.journal;
	u64 hash;

	if (!board->replay.recorded)
		return 0;
	if (journal->recording) {
		hash = state_hash(&board->platform.state);
		journal_put(journal, board->replay.end_sink, &hash, sizeof(hash));
	}
	board->replay.recorded = journal->recording = false;
	return journal->error;
}

/* Explains why a file cannot be replayed. Returns an exit code. */
static int refuse(struct board *board, const char *path, const char *why)
{
	board_fail(board, 3, "%.200s: cannot be replayed: %s", path, why);
	return 3;
}

static int refuse_machine(struct board *board, const char *path, const char *differs)
{
	const char *version = board->replay.file->version;

	board_fail(board, 3,
		   "%.200s: was recorded with another machine, which differs in %.60s: start Baya "
		   "with the options and files with which it was recorded, by baya %.60s%s",
		   path, differs, version,
		   strcmp(version, board_version(board)) ? ", which is not this version" : "");
	return 3;
}

static int read_file(struct board *board, const char *path)
{
	FILE *file = fopen(path, "re");
	int failed = file ? 0 : -errno;

	board->replay.file = calloc(1, sizeof(*board->replay.file));
	if (!board->replay.file)
		failed = -ENOMEM;
	if (!failed)
		failed = journal_file_read(board->replay.file, file);
	if (file)
		fclose(file);
	return failed;
}

int board_replay(struct board *board, const char *path, struct board_error *error)
{
	struct journal *journal = &board->platform.journal;
	struct journal_file *file;
	const char *sink;
	int failed;

	board->error = error;
	failed = read_file(board, path);
	if (failed == -EINVAL)
		return refuse(board, path, "it is no recording of input, or damaged");
	if (failed == -EPROTO)
		return refuse(board, path, "another version of Baya wrote it in another format");
	/* A run that was killed leaves what came before. */
	if (failed && failed != -ENODATA)
		return refuse(board, path, strerror(-failed));
	file = board->replay.file;
	sink = journal_other_sink(journal, &file->journal);
	if (sink)
		return refuse_machine(board, path, sink);
	if (hash_beginning(board) != file->state)
		return refuse_machine(board, path, "the state at the beginning");
	journal_follow(journal, &file->journal);
	return 0;
}

/*
 * Returns whether a recording without an end has nothing more for the guest, which has asked: the
 * replay is over here.
 */
static bool is_exhausted(const struct board *board)
{
	const struct journal *journal = &board->platform.journal;

	return journal->error && journal->replay_next >= board->replay.file->journal.count &&
	       !board_replay_has_end(board);
}

enum board_exit board_run_replayed(struct board *board)
{
	struct journal *journal = &board->platform.journal;
	u64 retired, due = journal_replay_due(journal);
	enum board_exit exit;

	if (board->replay.over || is_exhausted(board))
		return BOARD_REPLAYED;
	if (journal->error)
		return BOARD_DIFFER;
	retired = harts_retired(&board->harts);
	board->harts.limit = due > retired ? MIN(due, board->replay.limit) : board->replay.limit;
	exit = board_run_alone(board);
	if (journal->error)
		return is_exhausted(board) ? BOARD_REPLAYED : BOARD_DIFFER;
	if (exit == BOARD_LIMIT && harts_retired(&board->harts) < board->replay.limit)
		return BOARD_SLICE;
	/* The next input may wake a machine that nothing else can. */
	if ((exit == BOARD_IDLE || exit == BOARD_DEAD) &&
	    journal_replay_time(journal) != CLOCK_NEVER)
		return BOARD_SLICE;
	return exit;
}

bool board_replay_has_end(const struct board *board)
{
	const struct journal *journal = &board->replay.file->journal;

	return journal->count &&
	       journal->records[journal->count - 1].sink == board->replay.end_sink;
}

const char *board_replay_difference(struct board *board)
{
	struct journal *journal = &board->platform.journal;

	if (!board->replay.file)
		return NULL;
	/* If the guest has ended the run itself, the end of the recording is still to come. */
	if (!board->replay.over)
		journal_replay_due(journal);
	if (is_exhausted(board))
		return NULL;
	if (journal->error)
		return "the guest did not ask for the recorded input; did a disk, or another file "
		       "of the guest, change?";
	if (!board->replay.over && board->platform.end != MACHINE_RUNS &&
	    board_replay_has_end(board))
		return "the guest has ended it earlier";
	return board->replay.differs ? "the state at the end is another one" : NULL;
}
