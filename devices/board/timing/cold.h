/* SPDX-License-Identifier: MIT */
/*
 * Loads a state that was saved without timing models into a machine that has some. Private to the
 * board.
 */
#ifndef DEVICES_BOARD_TIMING_COLD_H
#define DEVICES_BOARD_TIMING_COLD_H

#include "bus/state.h"

struct board;

/* Returns the board's parts except those of models; the caller frees it. */
struct state board_without_models(const struct board *board);

/*
 * Loads a state that has no models, by a function that reads it into these parts. The board's
 * models then begin with empty caches. Returns what `load` returned.
 */
int board_load_cold(struct board *board, int (*load)(void *ctx, struct state *state), void *ctx);

#endif
