/* SPDX-License-Identifier: MIT */
/*
 * The types of devices that a machine can be given, one row each; the board creates, places and
 * frees what its configuration lists (board/devices.c), and knows none of them by name.
 *
 * To add a device:
 * - its pair of files with a create function as in device_type.h; a virtio device has
 *   virtio_init's meaning only;
 * - a line for its .c file in devices/CMakeLists.txt;
 * - a row in device_types.c: that gives it its transports, its state's names and its life;
 * - if it has properties, a struct for them in device.h;
 * - for -device, a row in frontends/cli/machine/drivers.c: keys that fill that struct, and a
 *   `finish` where they name something else that the command line defines (a drive, a netdev).
 */
#ifndef DEVICES_BOARD_DEVICE_TYPES_H
#define DEVICES_BOARD_DEVICE_TYPES_H

#include "devices/device_type.h"

extern const struct device_type device_types[];
extern const unsigned device_type_count;

#endif
