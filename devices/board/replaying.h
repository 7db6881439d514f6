/* SPDX-License-Identifier: MIT */
/*
 * The data of a machine that records or replays input, and functions for the machine itself;
 * replay.h is for frontends.
 */
#ifndef DEVICES_BOARD_REPLAYING_H
#define DEVICES_BOARD_REPLAYING_H

#include "devices/board/board.h"

struct journal_file;

struct board_replaying {
	struct journal_file *file; /* the recording that is replayed; NULL: none */
	unsigned end_sink; /* of the record that ends a recording */
	u64 limit; /* the limit that board_limit set */
	bool recorded; /* a recording was started, and its end is not written yet */
	/* the recording's end was reached; the state differs from the recorded one there */
	bool over, differs;
};

/* Registers the sink of the record that ends a recording; and frees the recording that was read. */
void board_replay_connect(struct board *board);
void board_replay_free(struct board *board);

/* Runs a slice as board_run does, while input is replayed. */
enum board_exit board_run_replayed(struct board *board);

/*
 * Returns whether the user must not change the machine (devices, disks, timing), because two
 * machines run, or one runs again.
 */
bool board_is_fixed(const struct board *board);

#endif
