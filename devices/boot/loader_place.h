/* SPDX-License-Identifier: MIT */
/*
 * Where images lie in guest RAM, and the copying of file contents there. Only for loader*.c.
 */
#ifndef DEVICES_BOOT_LOADER_PLACE_H
#define DEVICES_BOOT_LOADER_PLACE_H

#include "devices/boot/loader.h"
#include "devices/boot/loader_file.h"

/* Where the device tree goes is aligned to this, and so are kernels (RISC-V Linux boot protocol).
 */
#define LOADER_ALIGN (2 * MiB)

/*
 * Occupy [base, base + size) for file. Refused: outside RAM, RAM too small, taken by another image.
 * A size of 0 occupies nothing.
 */
int loader_claim(struct loader *loader, const struct loader_file *file, u64 base, u64 size);

/* The lowest free multiple of align at or above from for size bytes; UINT64_MAX: none in RAM. */
u64 loader_find_up(const struct loader *loader, u64 from, u64 size, u64 align);

/* The highest free multiple of align with size bytes free below limit; UINT64_MAX: none in RAM. */
u64 loader_find_down(const struct loader *loader, u64 limit, u64 size, u64 align);

/* Say that guest RAM would have to hold `size` bytes more than `used`; returns -ENOSPC. */
int loader_too_small(const struct loader_file *file, u64 used, u64 size);

/*
 * Host pointer to [addr, addr + *len) of claimed memory for writing now; *len may be cut to a
 * bounded amount, as mapping marks every page as written.
 */
u8 *loader_window(struct loader *loader, u64 addr, u64 *len);

/*
 * Claimed memory begins with zeros, unless it is a file that had bytes there: those are cleared. No
 * page is marked that needs nothing.
 */
void loader_clear(struct loader *loader, u64 addr, u64 len);

/* Copy len bytes of the file at offset to claimed guest memory. */
int loader_copy(struct loader *loader, struct loader_file *file, u64 offset, u64 addr, u64 len);

#endif
