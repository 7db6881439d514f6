/* SPDX-License-Identifier: MIT */
/*
 * The user's items of fw_cfg: files, texts, the machine's UUID, and the kernel that firmware in
 * flash starts. Only for the board.
 */
#ifndef DEVICES_BOARD_FW_H
#define DEVICES_BOARD_FW_H

#include "devices/board/config.h"

#define BOARD_FW_IMAGES 2 /* kernel and initrd */

struct board;

/* Their bytes, and numbers as they are in the items. */
struct board_fw {
	void *files[BOARD_FW_FILES_MAX]; /* the contents of the user's files; NULL: none */
	struct board_fw_image {
		void *data;
		u32 size;
	} images[BOARD_FW_IMAGES];
	u32 append_size; /* with the final zero */
};

/* Adds the items. 0 or -1 with board->error filled. */
int board_fw_attach(struct board *board);

/*
 * Reads kernel and initrd into items, as at each reset, and adds the command line. 0 or -1 with
 * board->error filled.
 */
int board_fw_kernel(struct board *board);
void board_fw_free(struct board *board);

#endif
