/* SPDX-License-Identifier: MIT */
/*
 * The fw_cfg items that the user configures: files, texts, the machine's UUID, the kernel that
 * firmware in flash starts, and what firmware shall boot. Only for the board.
 */
#ifndef DEVICES_BOARD_FW_H
#define DEVICES_BOARD_FW_H

#include "devices/board/config.h"

#define BOARD_FW_IMAGES 2 /* kernel and initrd */
#define BOARD_BOOT_PATH_MAX 96 /* bytes of a device's path in the boot order */

struct board;

/* The data of these items. Numbers are as the items contain them. */
struct board_fw {
	void *files[BOARD_FW_FILES_MAX]; /* the contents of the user's files; NULL: none */
	struct board_fw_image {
		void *data;
		u32 size;
	} images[BOARD_FW_IMAGES];
	u32 append_size; /* with the final zero */
	u16 menu, menu_wait;
	u32 fail_wait;
	char boot_order[BOARD_DEVICES_MAX * BOARD_BOOT_PATH_MAX];
	size_t boot_order_size; /* with the final zero; 0: no device has a boot index */
};

/* Adds all items but the kernel's. Returns 0, or -1 with board->error filled in. */
int board_fw_attach(struct board *board);

/*
 * Reads the kernel and the initrd into items, and adds the command line; called at each reset.
 * Returns 0, or -1 with board->error filled in.
 */
int board_fw_kernel(struct board *board);

/*
 * These are in board/boot_order.c. board_fw_boot adds what -boot says. board_fw_order lists the
 * devices that have a boot index; it is called at each reset, because devices are plugged in and
 * out between resets.
 */
void board_fw_boot(struct board *board);
void board_fw_order(struct board *board);
void board_fw_free(struct board *board);

#endif
