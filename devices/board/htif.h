/* SPDX-License-Identifier: MIT */
/* A board's HTIF, by which a bare-metal program writes and ends. */
#ifndef DEVICES_BOARD_HTIF_H
#define DEVICES_BOARD_HTIF_H

struct board;

/* What is written after board_htif_watch is seen, until it has been. */
void board_htif_attach(struct board *board);
void board_htif_reset(struct board *board);
void board_htif_watch(struct board *board);

#endif
