/* SPDX-License-Identifier: MIT */
/*
 * The list of all types of devices that a machine can be given. The board creates, places and frees
 * what its configuration lists (board/devices.c). Frontends parse, check, complete and document
 * -device by this list. Other files name a type only if another option needs it: the screen that
 * -display shows, the disk of -drive if=virtio, the card of -nic. docs/architecture.md, "To add a
 * device", says what else a new type needs.
 */
#ifndef DEVICES_BOARD_DEVICE_TYPES_H
#define DEVICES_BOARD_DEVICE_TYPES_H

#include "devices/device_type.h"

/* The types, in the order in which the board creates their devices. */
extern const struct device_type *const device_types[];
extern const unsigned device_type_count;

/* Returns the n-th type in the order in which users see them, or NULL after the last. */
const struct device_type *device_type_listed(unsigned n);

/* Returns the type with this name (struct device_config), or NULL. */
const struct device_type *device_type_named(const char *name);

#endif
