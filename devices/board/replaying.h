/* SPDX-License-Identifier: MIT */
/* Recording and replaying input, for the machine itself; replay.h is for frontends. */
#ifndef DEVICES_BOARD_REPLAYING_H
#define DEVICES_BOARD_REPLAYING_H

#include "devices/board/board.h"

struct journal_file;

struct board_replaying {
	struct journal_file *file; /* that is replayed; NULL: none */
	unsigned end_sink; /* of the record that ends a recording */
	u64 limit; /* of board_limit */
	bool recorded; /* a recording was started, and its end is not written yet */
	bool over, differs; /* the end has come, and the state is not the recorded one */
};

/* Registers the sink of the record that ends a recording, and frees what was read of one. */
void board_replay_connect(struct board *board);
void board_replay_free(struct board *board);

/* Runs a slice as board_run, while input is replayed. */
enum board_exit board_run_replayed(struct board *board);

/*
 * Returns whether the parts of the machine must stay as they are, because two machines run, or one
 * runs again.
 */
bool board_is_fixed(const struct board *board);

#endif
