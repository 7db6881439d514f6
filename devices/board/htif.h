/* SPDX-License-Identifier: MIT */
/* A board's HTIF (host-target interface), by which a bare-metal program prints and exits. */
#ifndef DEVICES_BOARD_HTIF_H
#define DEVICES_BOARD_HTIF_H

struct board;

/*
 * board_htif_attach is called once, board_htif_reset after each reset. board_htif_watch makes the
 * board observe the next write to tohost; it must be called again after each write that was
 * observed.
 */
void board_htif_attach(struct board *board);
void board_htif_reset(struct board *board);
void board_htif_watch(struct board *board);

#endif
