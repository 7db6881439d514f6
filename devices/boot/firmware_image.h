/* SPDX-License-Identifier: MIT */
/* The contents of roms/firmware.bin, or of the file that the build's option BAYA_FIRMWARE names,
 * linked into this program (firmware_image.S). */
#ifndef DEVICES_BOOT_FIRMWARE_IMAGE_H
#define DEVICES_BOOT_FIRMWARE_IMAGE_H

#include "bus/base.h"

extern const u8 firmware_image[];
extern const u8 firmware_image_end[];

/* The name that messages use for it instead of a file's. */
#define FIRMWARE_NAME "the built-in firmware"

#endif
