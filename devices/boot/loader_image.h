/* SPDX-License-Identifier: MIT */
/*
 * Linux's boot image for RISC-V: it begins with a 64-byte header; it may be in gzip format, may
 * have the PE headers of the EFI stub, and may be inside an EFI zboot file. Only for loader*.c.
 */
#ifndef DEVICES_BOOT_LOADER_IMAGE_H
#define DEVICES_BOOT_LOADER_IMAGE_H

#include "devices/boot/loader_place.h"

/*
 * Returns whether a file that is no ELF may be code without a header, like u-boot.bin, which is
 * loaded unchanged.
 */
bool loader_image_is_raw(const struct loader_head *head);

/* Loads a Linux Image in any of these forms, or reports why the file is not a kernel. */
int loader_image_load(struct loader *loader, struct loader_file *file, u64 firmware_end,
		      struct loader_image *image);

/*
 * Returns what a file that is not a kernel is, and what to do about it, or NULL if that is unknown.
 */
const char *loader_image_foreign(const struct loader_head *head);

/*
 * Finds the size in memory of a kernel of `size` bytes that begins with `head`: an Image has it in
 * its header, which is checked.
 */
int loader_image_whole_size(struct loader_file *file, const struct loader_head *head, u64 size,
			    u64 *whole);

#endif
