/* SPDX-License-Identifier: MIT */
/* Makes boards for tests, and runs them. */
#ifndef TESTS_BOARD_H
#define TESTS_BOARD_H

#include "devices/board/board.h"
#include "tests/cmocka.h"

/* Returns a new board. Fails the test with the reason if it cannot be made. */
static inline struct board *make_board(const struct board_config *config)
{
	struct board_error error;
	struct board *board = board_create(config, &error);

	if (!board)
		fail_msg("%s", error.text);
	return board;
}

/*
 * Runs the board until `count` instructions have retired or the guest has ended, and returns which
 * of the two happened. Continues while the board is idle.
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
