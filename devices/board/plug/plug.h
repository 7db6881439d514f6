/* SPDX-License-Identifier: MIT */
/*
 * Plugs and unplugs devices behind a PCIe root port while the machine runs. Errors use QEMU's
 * words, which programs know.
 */
#ifndef DEVICES_BOARD_PLUG_PLUG_H
#define DEVICES_BOARD_PLUG_PLUG_H

#include "devices/board/board.h"

/*
 * Adds a device, between two slices. The strings of the configuration are copied. 0, or -1 with
 * *error.
 */
int board_plug(struct board *board, const struct device_config *config, struct board_error *error);

/*
 * Requests the guest to release the device with this id. It is removed when the guest releases it,
 * or at a reset of the machine. Returns 0, or with *error filled in -ENODEV if there is none, or
 * -EBUSY.
 */
int board_unplug(struct board *board, const char *id, struct board_error *error);

/*
 * Sets a function called between two slices when a device was removed; id is NULL when it had none.
 */
void board_on_unplugged(struct board *board, void (*gone)(void *ctx, const char *id), void *ctx);

#endif
