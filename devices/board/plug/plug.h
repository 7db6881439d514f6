/* SPDX-License-Identifier: MIT */
/*
 * Devices that come and go while the machine runs, behind a PCIe root port. What is refused is
 * said in QEMU's words, which programs know.
 */
#ifndef DEVICES_BOARD_PLUG_PLUG_H
#define DEVICES_BOARD_PLUG_PLUG_H

#include "devices/board/board.h"

/* Between two slices. The strings of the configuration are copied. 0, or -1 with *error. */
int board_plug(struct board *board, const struct device_config *config,
	       struct board_error *error);

/*
 * Ask the guest for the device of an id; it goes when the guest lets it go, at the latest when the
 * machine is reset. 0, or with *error -ENODEV: there is none, or -EBUSY.
 */
int board_unplug(struct board *board, const char *id, struct board_error *error);

/* Who is told, between two slices, that a device has gone; id is NULL when it had none. */
void board_on_unplugged(struct board *board, void (*gone)(void *ctx, const char *id), void *ctx);

#endif
