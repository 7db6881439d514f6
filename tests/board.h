/* SPDX-License-Identifier: MIT */
/* Makes boards for tests, and runs them. */
#ifndef TESTS_BOARD_H
#define TESTS_BOARD_H

#include "devices/board/board.h"
#include "tests/cmocka.h"

/* Returns a new board; fails the test, with the reason, when there is none. */
static inline struct board *make_board(const struct board_config *config)
{
	struct board_error error;
	struct board *board = board_create(config, &error);

	if (!board)
		fail_msg("%s", error.text);
	return board;
}

/*
 * Runs until `count` instructions have retired, or until the guest has ended before; returns which
 * of the two it was. It goes on while the board is idle.
 */
static inline enum board_exit run_board_to(struct board *board, u64 count)
{
	enum board_exit left;

	board_limit(board, count);
	do
		left = board_run(board);
	while (left == BOARD_SLICE || left == BOARD_IDLE);
	return left;
}

#endif
