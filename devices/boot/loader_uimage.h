/* SPDX-License-Identifier: MIT */
/*
 * U-Boot's legacy image, as mkimage makes it: a header of 64 bytes, with the addresses of the
 * contents and of the entry point, and contents that may be in gzip format. Only for loader*.c.
 */
#ifndef DEVICES_BOOT_LOADER_UIMAGE_H
#define DEVICES_BOOT_LOADER_UIMAGE_H

#include "devices/boot/loader_place.h"

bool loader_uimage_is(const struct loader_head *head);

/* Returns whether it is a uImage of a kind that can be loaded; U-Boot's scripts are others. */
bool loader_uimage_is_kernel(const struct loader_head *head);

/*
 * Checks a uImage of a ramdisk, and makes its contents the file. They are not unpacked, as the
 * kernel does that.
 */
int loader_uimage_ramdisk(struct loader_file *file);

/* Loads the kernel in a uImage at the address that its header has. */
int loader_uimage_load(struct loader *loader, struct loader_file *file, struct loader_image *image);

#endif
