/* SPDX-License-Identifier: MIT */
/* Which core times the harts of a board, and what of a run. Private to the board. */
#ifndef DEVICES_BOARD_TIMING_TIMED_H
#define DEVICES_BOARD_TIMING_TIMED_H

#include "devices/board/parts.h"

/* The core that the configuration names, for the harts; one in words. 0 or -1 with board->error. */
int board_timing(struct board *board, struct harts_config *harts);
int board_read_core(struct board *board, const char *words, struct timing_core *core);

/* Where there are models they begin at this pc, as if the core had been reset there. */
void board_time_from(struct board *board, u64 pc);

/* What is timed, and the tier that fits: once; after each reset, 0 or -1 with board->error. */
void board_regions_init(struct board *board);
int board_regions_reset(struct board *board);

/* The tier for who watches, times or debugs, of whom one has come or gone. */
void board_choose_tier(struct board *board);

/* A hart has another model than before: it tells what the old one told. 0 or -ENOMEM. */
int board_listen_again(struct board *board, struct hart *hart);

#endif
