/* SPDX-License-Identifier: MIT */
/*
 * Loads a state that was saved without timing models into a machine that has some. Private to the
 * board.
 */
#ifndef DEVICES_BOARD_TIMING_COLD_H
#define DEVICES_BOARD_TIMING_COLD_H

#include "bus/state.h"

struct board;

/*
 * Returns the board's registered state without the parts of models. The caller frees it with
 * state_free.
 */
struct state board_without_models(const struct board *board);

/*
 * Loads a state without models by calling `load`, which reads it into the parts that it is given.
 * The board's models then begin with empty caches. Returns what `load` returned.
 */
int board_load_cold(struct board *board, int (*load)(void *ctx, struct state *state), void *ctx);

#endif
