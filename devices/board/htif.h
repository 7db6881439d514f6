/* SPDX-License-Identifier: MIT */
/* A board's HTIF, with which a bare-metal program prints and exits. */
#ifndef DEVICES_BOARD_HTIF_H
#define DEVICES_BOARD_HTIF_H

struct board;

/* board_htif_watch makes the writes of tohost visible until one was seen; then call it again. */
void board_htif_attach(struct board *board);
void board_htif_reset(struct board *board);
void board_htif_watch(struct board *board);

#endif
