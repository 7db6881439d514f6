/* SPDX-License-Identifier: MIT */
/* The core that times the harts of a board, and the timed part of a run. Private to the board. */
#ifndef DEVICES_BOARD_TIMING_TIMED_H
#define DEVICES_BOARD_TIMING_TIMED_H

#include "devices/board/machine.h"

/*
 * board_timing reads the core that the configuration names, for the harts; board_read_core reads
 * one given as text. They return 0, or -1 with board->error filled in.
 */
int board_timing(struct board *board, struct harts_config *harts);
int board_read_core(struct board *board, const char *words, struct timing_core *core);

/* Registers the parameters of the core as state, before the harts that it times. */
void board_core_register(struct board *board);

/* Lets models begin at this pc, as if the core had been reset there. */
void board_time_from(struct board *board, u64 pc);

/*
 * Set up the timed regions and the engine for them: init once, reset after each reset, which
 * returns 0, or -1 with board->error filled in.
 */
void board_roi_init(struct board *board);
int board_roi_reset(struct board *board);

/*
 * Chooses the engine; must be called after an observer, a model or a debugger was added or removed.
 */
void board_choose_tier(struct board *board);

/* Times the harts by another core than before, if they are timed at all. Returns 0 or -ENOMEM. */
int board_attach_core(struct board *board, const struct timing_core *core);

/* Connects a hart's new model to the observers of the old one. 0 or -ENOMEM. */
int board_listen_again(struct board *board, struct hart *hart);

#endif
