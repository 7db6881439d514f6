/* SPDX-License-Identifier: MIT */
/* The core that times the harts of a board, and the timed part of a run. Private to the board. */
#ifndef DEVICES_BOARD_TIMING_TIMED_H
#define DEVICES_BOARD_TIMING_TIMED_H

#include "devices/board/machine.h"

/*
 * board_timing reads the core that the configuration names, and sets it in the harts'
 * configuration; board_read_core reads one that is given as text. They return 0, or -1 with
 * board->error filled in.
 */
int board_timing(struct board *board, struct harts_config *harts);
int board_read_core(struct board *board, const char *words, struct timing_core *core);

/*
 * Registers the parameters of the core as state. Must be called before the harts that it times are
 * registered.
 */
void board_core_register(struct board *board);

/* Makes models begin at this pc, as if the core had been reset there. */
void board_time_from(struct board *board, u64 pc);

/*
 * Set up the regions of interest and the engine for them. board_roi_init is called once,
 * board_roi_reset after each reset; it returns 0, or -1 with board->error filled in.
 */
void board_roi_init(struct board *board);
int board_roi_reset(struct board *board);

/*
 * Chooses the engine; must be called after an observer, a model or a debugger was added or removed.
 */
void board_choose_tier(struct board *board);

/*
 * Makes this core time the harts, in place of the present one if there is one. Timing is off until
 * roi_switch. Returns 0 or -ENOMEM.
 */
int board_attach_core(struct board *board, const struct timing_core *core);

/*
 * Connects a hart's new model to the account and the viewer of the old one. Returns 0 or -ENOMEM.
 */
int board_listen_again(struct board *board, struct hart *hart);

#endif
