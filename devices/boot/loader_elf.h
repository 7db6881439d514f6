/* SPDX-License-Identifier: MIT */
/*
 * ELF images, which are checked by libelf and by this code, and loaded at their physical addresses.
 * Only for loader*.c.
 */
#ifndef DEVICES_BOOT_LOADER_ELF_H
#define DEVICES_BOOT_LOADER_ELF_H

#include "devices/boot/loader_place.h"

/*
 * A value of `home` with which an ELF linked for physical address 0 is refused as outside of RAM.
 */
#define LOADER_NO_HOME UINT64_MAX

/* Returns whether a file with this head is an ELF. */
bool loader_elf_is(const struct loader_head *head);

/*
 * Loads all segments, with the zeros that follow their bytes, and adds the symbols. An ELF linked
 * for physical address 0 is loaded at `home`. If image is NULL, the entry point is not checked.
 */
int loader_elf_load(struct loader *loader, struct loader_file *file, u64 home,
		    struct loader_image *image);

/*
 * Adds only the symbols. Segments need not be in RAM. Unless the offset is 0, it is added to all
 * addresses, and `home` is ignored.
 */
int loader_elf_symbols(struct loader *loader, struct loader_file *file, u64 home,
		       const struct board_symbols *symbols);

#endif
