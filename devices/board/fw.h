/* SPDX-License-Identifier: MIT */
/* What the user puts into fw_cfg: files, texts, and the machine's UUID. Only for board*.c. */
#ifndef DEVICES_BOARD_FW_H
#define DEVICES_BOARD_FW_H

struct board;

/* 0 or -1 with board->error filled. */
int board_fw_attach(struct board *board);
void board_fw_free(struct board *board);

#endif
