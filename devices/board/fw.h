/* SPDX-License-Identifier: MIT */
/* The user's items of fw_cfg: files, texts, and the machine's UUID. Only for board*.c. */
#ifndef DEVICES_BOARD_FW_H
#define DEVICES_BOARD_FW_H

struct board;

/* Adds the items. 0 or -1 with board->error filled. */
int board_fw_attach(struct board *board);
void board_fw_free(struct board *board);

#endif
