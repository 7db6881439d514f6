/* SPDX-License-Identifier: MIT */
/*
 * Plugs devices into PCIe root ports and unplugs them while the machine runs. Errors use QEMU's
 * words, which programs know.
 */
#ifndef DEVICES_BOARD_PLUG_PLUG_H
#define DEVICES_BOARD_PLUG_PLUG_H

#include "devices/board/board.h"

/*
 * Adds a device; called between two slices. The strings of the configuration are copied. Returns 0,
 * or -1 with *error filled in.
 */
int board_plug(struct board *board, const struct device_config *config, struct board_error *error);

/*
 * Asks the guest to release the device with this id. The device is removed when the guest releases
 * it, or at a reset of the machine. Returns 0, or with *error filled in -ENODEV if there is no such
 * device, or -EBUSY.
 */
int board_unplug(struct board *board, const char *id, struct board_error *error);

/*
 * Sets a function that is called when a device was removed, between two slices. Its `id` is NULL if
 * the device had none.
 */
void board_on_unplugged(struct board *board, void (*gone)(void *ctx, const char *id), void *ctx);

#endif
