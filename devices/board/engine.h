/* SPDX-License-Identifier: MIT */
/*
 * The engine of a machine (struct board_config), as far as it needs more than the tier of the
 * harts.
 */
#ifndef DEVICES_BOARD_ENGINE_H
#define DEVICES_BOARD_ENGINE_H

struct board;

/*
 * Makes the native tier if the configuration asks for it. Returns 0, or -1 with board->error filled
 * in.
 */
int board_attach_engine(struct board *board);

#endif
