/* SPDX-License-Identifier: MIT */
/*
 * Runs two machines with the same configuration in lockstep: the tested one, which is the board
 * that frontends see, and a reference with another engine. Private to the board; config.compare
 * turns it on.
 *
 * Both run the same slices of virtual time, and the reference gets the tested machine's input from
 * its journal. After each slice all registered fields are compared, and the pages that were written
 * in it. Every STRIDE instructions all memory is compared, and the common state is saved. If there
 * is a difference, it is reproduced from that state, and the interval is bisected until the
 * difference lies between two instructions.
 */
#ifndef DEVICES_BOARD_COMPARE_COMPARE_H
#define DEVICES_BOARD_COMPARE_COMPARE_H

#include "devices/board/board.h"

struct compare;

/*
 * Makes the reference of `board`, which has not run yet. Returns NULL with board->error filled in
 * if it fails.
 */
struct compare *compare_create(struct board *board);
void compare_free(struct compare *compare);

/*
 * Resets the reference, after the tested machine was reset. Returns 0, or -1 with the board's error
 * filled in.
 */
int compare_reset(struct compare *compare);

/*
 * Do for both machines what board_run and board_limit do for one. compare_run returns BOARD_DIFFER
 * after it has printed a difference.
 */
enum board_exit compare_run(struct compare *compare);
void compare_limit(struct compare *compare, u64 instructions);

#endif
