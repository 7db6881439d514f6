/* SPDX-License-Identifier: MIT */
/*
 * ELF images: checked by libelf and by hand, loaded at their physical addresses. Only for
 * loader*.c.
 */
#ifndef DEVICES_BOOT_LOADER_ELF_H
#define DEVICES_BOOT_LOADER_ELF_H

#include "devices/boot/loader_place.h"

/* Value of `home` that refuses an ELF linked from physical address 0 as outside RAM. */
#define LOADER_NO_HOME UINT64_MAX

bool loader_elf_is(const struct loader_head *head);

/*
 * Loads all segments, with the zeros after their bytes, and adds the symbols. An ELF linked from
 * physical address 0 is moved to `home`. image may be NULL: then the entry point is not checked.
 */
int loader_elf_load(struct loader *loader, struct loader_file *file, u64 home,
		    struct loader_image *image);

/* Adds only the symbols; no segment needs to lie in RAM. */
int loader_elf_symbols(struct loader *loader, struct loader_file *file, u64 home);

#endif
