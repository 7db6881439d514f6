/* SPDX-License-Identifier: MIT */
/* A board's HTIF, with which a bare-metal program prints and exits. */
#ifndef DEVICES_BOARD_HTIF_H
#define DEVICES_BOARD_HTIF_H

struct board;

/*
 * board_htif_watch makes the next write of tohost visible; call it again after each write that was
 * seen.
 */
void board_htif_attach(struct board *board);
void board_htif_reset(struct board *board);
void board_htif_watch(struct board *board);

#endif
