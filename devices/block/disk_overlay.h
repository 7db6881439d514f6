/* SPDX-License-Identifier: MIT */
/*
 * Keeps writes to a disk in an unnamed file beside it; they are lost when the disk is closed
 * (-snapshot).
 */
#ifndef DEVICES_BLOCK_DISK_OVERLAY_H
#define DEVICES_BLOCK_DISK_OVERLAY_H

#include "bus/base.h"
#include <sys/uio.h>

struct disk;
struct disk_overlay;

/* Returns the folder for the files: $TMPDIR, or /var/tmp when that is not set or empty. */
const char *disk_overlay_folder(void);

/*
 * Opens an overlay over a disk, which moves into the overlay and is closed with it. 0 or a negative
 * errno.
 */
int disk_overlay_open(struct disk_overlay **overlay, const struct disk *base);
void disk_overlay_close(struct disk_overlay *overlay);

/*
 * Returns, once for each failure of the functions below, whether it was one of the overlay's file
 * and not of the disk beneath.
 */
bool disk_overlay_failed(struct disk_overlay *overlay);

/* Returns the disk beneath, borrowed. */
struct disk *disk_overlay_base(struct disk_overlay *overlay);

/*
 * Finds the next part from *offset on that was written: 1, with *offset and *size; 0: there is
 * none.
 */
int disk_overlay_next(const struct disk_overlay *overlay, u64 *offset, u64 *size);

/* Forgets all that was written. 0 or -errno. */
int disk_overlay_empty(struct disk_overlay *overlay);

/* These are as in disk.h. */
int disk_overlay_read(struct disk_overlay *overlay, u64 offset, struct iovec *iov, unsigned count);
int disk_overlay_write(struct disk_overlay *overlay, u64 offset, struct iovec *iov, unsigned count);
int disk_overlay_zero(struct disk_overlay *overlay, u64 offset, u64 size);

#endif
