/* SPDX-License-Identifier: MIT */
/*
 * The fw_cfg items that the user configures: files, texts, the machine's UUID, and the kernel that
 * firmware in flash starts. Only for the board.
 */
#ifndef DEVICES_BOARD_FW_H
#define DEVICES_BOARD_FW_H

#include "devices/board/config.h"

#define BOARD_FW_IMAGES 2 /* kernel and initrd */

struct board;

/* The data of these items. Numbers are as the items contain them. */
struct board_fw {
	void *files[BOARD_FW_FILES_MAX]; /* the contents of the user's files; NULL: none */
	struct board_fw_image {
		void *data;
		u32 size;
	} images[BOARD_FW_IMAGES];
	u32 append_size; /* with the final zero */
};

/* Adds all items but the kernel's. Returns 0, or -1 with board->error filled in. */
int board_fw_attach(struct board *board);

/*
 * Reads the kernel and the initrd into items, and adds the command line; called at each reset.
 * Returns 0, or -1 with board->error filled in.
 */
int board_fw_kernel(struct board *board);
void board_fw_free(struct board *board);

#endif
