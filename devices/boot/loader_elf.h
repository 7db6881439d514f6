/* SPDX-License-Identifier: MIT */
/*
 * ELF images: checked by libelf and by hand, loaded at their physical addresses. Only for
 * loader*.c.
 */
#ifndef DEVICES_BOOT_LOADER_ELF_H
#define DEVICES_BOOT_LOADER_ELF_H

#include "devices/boot/loader_place.h"

/* No place for an ELF that is linked from physical address 0: it is refused as outside RAM. */
#define LOADER_NO_HOME UINT64_MAX

bool loader_elf_is(const struct loader_head *head);

/*
 * Load all segments, add the symbols. An ELF linked from physical address 0 is moved to `home`.
 * image may be NULL: then the entry point is not looked at.
 */
int loader_elf_load(struct loader *loader, struct loader_file *file, u64 home,
		    struct loader_image *image);

/* Only the symbols, of whose segments none need lie in RAM. */
int loader_elf_symbols(struct loader *loader, struct loader_file *file, u64 home);

#endif
