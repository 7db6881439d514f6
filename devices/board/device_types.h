/* SPDX-License-Identifier: MIT */
/*
 * The list of all types of devices that a machine can be given. The board creates, places and frees
 * what its configuration lists (board/devices.c), and frontends parse, check, complete and document
 * -device by it. A type is named elsewhere only where another option needs one: the screen that
 * -display shows, the disk of -drive if=virtio, the card of -nic.
 *
 * To add a device:
 * - its pair of files, with a struct device_type and a create function as in device_type.h; that of
 *   a virtio device calls virtio_init, and its transport gives it a place;
 * - a line for its .c file in devices/CMakeLists.txt;
 * - a line in device_types.def;
 * - one with registers and no transport (DEVICE_ALONE) is given no address, interrupt or node in
 *   the device tree: a function board_attach_NAME, which board_attach_devices calls at its end,
 *   does that, with constants of devices/memmap.h, and soc() in tree.c writes the node
 *   (docs/architecture.md, "To add a device").
 */
#ifndef DEVICES_BOARD_DEVICE_TYPES_H
#define DEVICES_BOARD_DEVICE_TYPES_H

#include "devices/device_type.h"

/* In the order in which devices are created. */
extern const struct device_type *const device_types[];
extern const unsigned device_type_count;

/* Returns the n-th type in the order in which people see them, or NULL behind the last. */
const struct device_type *device_type_listed(unsigned n);

/* Returns the type of a name, as struct device_config has it, or NULL. */
const struct device_type *device_type_named(const char *name);

#endif
