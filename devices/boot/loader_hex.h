/* SPDX-License-Identifier: MIT */
/* Intel HEX (Hexadecimal Object File Format, revision A, 1988). Only for loader*.c. */
#ifndef DEVICES_BOOT_LOADER_HEX_H
#define DEVICES_BOOT_LOADER_HEX_H

#include "devices/boot/loader_place.h"

/* Returns whether a file with this head is in Intel HEX format. */
bool loader_hex_is(const struct loader_head *head);

/*
 * Loads all data at its addresses. The entry point is the address in a start address record, or
 * else the lowest address. If image is NULL, the entry point is not checked.
 */
int loader_hex_load(struct loader *loader, struct loader_file *file, struct loader_image *image);

#endif
