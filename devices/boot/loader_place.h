/* SPDX-License-Identifier: MIT */
/*
 * Finds and claims places for images in guest RAM, and copies file contents there. Only for
 * loader*.c.
 */
#ifndef DEVICES_BOOT_LOADER_PLACE_H
#define DEVICES_BOOT_LOADER_PLACE_H

#include "devices/boot/loader.h"
#include "devices/boot/loader_file.h"
#include "devices/boot/loader_stream.h"

/* The alignment of the device tree's place and of kernels (RISC-V Linux boot protocol). */
#define LOADER_ALIGN (2 * MiB)

/* The `what` of a struct loader_file that is firmware. */
#define LOADER_FIRMWARE "firmware"

/* Returns whether the range lies in RAM if that is as large as it can be. */
bool loader_may_hold(const struct loader *loader, u64 base, u64 size);

/*
 * Claims [base, base + size) for the file. Fails if the range is outside of RAM, if RAM is too
 * small, or if another image is there. A size of 0 claims nothing.
 */
int loader_claim(struct loader *loader, const struct loader_file *file, u64 base, u64 size);

/*
 * Returns the lowest multiple of `align` that is at or above `from` and followed by `size` free
 * bytes of RAM, or UINT64_MAX if there is none.
 */
u64 loader_find_up(const struct loader *loader, u64 from, u64 size, u64 align);

/*
 * Returns the highest multiple of `align` that is followed by `size` free bytes of RAM which end at
 * or below `limit`, or UINT64_MAX if there is none.
 */
u64 loader_find_down(const struct loader *loader, u64 limit, u64 size, u64 align);

/*
 * Reports that guest RAM is too small for the file, an image that ends at `end` if its place is
 * known, and says how much RAM is enough for it and the images around it. Returns -ENOSPC, or
 * -EFBIG if no machine can have so much.
 */
int loader_too_small(const struct loader *loader, const struct loader_file *file, u64 end);

/*
 * Reports that there is no room of `size` bytes at a multiple of LOADER_ALIGN below `limit`.
 * Advises more RAM only if that would help. Returns as loader_too_small.
 */
int loader_no_room_below(const struct loader *loader, const struct loader_file *file, u64 limit,
			 u64 size);

/* The size of an initrd, and as much as is known of the size to which it unpacks. */
struct loader_initrd_size {
	u64 packed, unpacked;
};

/* Returns the sizes of this file; they are 0 if `name` is NULL or the file cannot be read. */
struct loader_initrd_size loader_initrd_size(const char *name);

/*
 * Returns a host pointer to [addr, addr + *len) of claimed memory, to be written at once. It may
 * reduce *len, because this marks all of these pages as written.
 */
u8 *loader_window(struct loader *loader, u64 addr, u64 *len);

/* Sets claimed memory to zeros. Only pages that change are marked. */
void loader_clear(struct loader *loader, u64 addr, u64 len);

/* Copies len bytes of the file at offset to claimed guest memory. Returns 0 or -errno. */
int loader_copy(struct loader *loader, struct loader_file *file, u64 offset, u64 addr, u64 len);

/*
 * Copies the rest of a stream, but at most len bytes, to claimed guest memory. *done is how many
 * there were. Returns 0 or -errno.
 */
int loader_copy_stream(struct loader *loader, struct loader_stream *stream, u64 addr, u64 len,
		       u64 *done);

#endif
