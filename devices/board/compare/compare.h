/* SPDX-License-Identifier: MIT */
/*
 * Two machines of one configuration in lockstep: the tested one, which is the board that frontends
 * see, and a judge that runs the interpreter. Private to the board; config.compare asks for it.
 *
 * Both run the same slices of virtual time; what the host puts into the tested machine reaches the
 * judge by its journal. After each slice hashes of all registered fields and of the pages written
 * in it are compared, all of memory after each STRIDE of instructions, when the state that both are
 * in is also saved. From there a difference is run into again, by halves, until it is between two
 * instructions.
 */
#ifndef DEVICES_BOARD_COMPARE_COMPARE_H
#define DEVICES_BOARD_COMPARE_COMPARE_H

#include "devices/board/board.h"

struct compare;

/* Make the judge of `board`, which has not run yet. NULL with board->error filled. */
struct compare *compare_create(struct board *board);
void compare_free(struct compare *compare);

/* The tested machine was reset: the judge is too. 0, or -1 with the board's error filled. */
int compare_reset(struct compare *compare);

/* As board_run and board_limit, of both. BOARD_DIFFER: what there is to say has been said. */
enum board_exit compare_run(struct compare *compare);
void compare_limit(struct compare *compare, u64 instructions);

#endif
