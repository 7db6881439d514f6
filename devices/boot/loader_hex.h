/* SPDX-License-Identifier: MIT */
/* Intel HEX (Hexadecimal Object File Format, revision A, 1988). Only for loader*.c. */
#ifndef DEVICES_BOOT_LOADER_HEX_H
#define DEVICES_BOOT_LOADER_HEX_H

#include "devices/boot/loader_place.h"

bool loader_hex_is(const struct loader_head *head);

/*
 * Loads all data at its addresses. The entry is that of a record of the start address, else the
 * lowest address. image may be NULL: then the entry is not checked.
 */
int loader_hex_load(struct loader *loader, struct loader_file *file, struct loader_image *image);

#endif
