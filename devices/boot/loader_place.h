/* SPDX-License-Identifier: MIT */
/* The places of images in guest RAM, and copying file contents there. Only for loader*.c. */
#ifndef DEVICES_BOOT_LOADER_PLACE_H
#define DEVICES_BOOT_LOADER_PLACE_H

#include "devices/boot/loader.h"
#include "devices/boot/loader_file.h"

/* The alignment of the device tree's place and of kernels (RISC-V Linux boot protocol). */
#define LOADER_ALIGN (2 * MiB)

/*
 * Occupies [base, base + size) for the file. Fails if the range is outside RAM, RAM is too small,
 * or another image is there. A size of 0 occupies nothing.
 */
int loader_claim(struct loader *loader, const struct loader_file *file, u64 base, u64 size);

/*
 * Returns the lowest free multiple of align at or above from for size bytes; UINT64_MAX: none in
 * RAM.
 */
u64 loader_find_up(const struct loader *loader, u64 from, u64 size, u64 align);

/*
 * Returns the highest free multiple of align with size bytes free below limit; UINT64_MAX: none in
 * RAM.
 */
u64 loader_find_down(const struct loader *loader, u64 limit, u64 size, u64 align);

/* Reports that guest RAM would have to hold `size` bytes more than `used`; returns -ENOSPC. */
int loader_too_small(const struct loader_file *file, u64 used, u64 size);

/*
 * Returns a host pointer to [addr, addr + *len) of claimed memory, to be written at once; *len may
 * be cut to a bounded amount, as mapping marks every page as written.
 */
u8 *loader_window(struct loader *loader, u64 addr, u64 *len);

/* Sets claimed memory to zeros. Only pages that change are marked. */
void loader_clear(struct loader *loader, u64 addr, u64 len);

/* Copies len bytes of the file at offset to claimed guest memory. */
int loader_copy(struct loader *loader, struct loader_file *file, u64 offset, u64 addr, u64 len);

#endif
