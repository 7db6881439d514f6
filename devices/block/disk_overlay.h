/* SPDX-License-Identifier: MIT */
/*
 * Overlays for -snapshot: writes to a disk are kept in an unnamed qcow2 image whose backing file is
 * the disk, and are lost when the disk is closed.
 */
#ifndef DEVICES_BLOCK_DISK_OVERLAY_H
#define DEVICES_BLOCK_DISK_OVERLAY_H

#include "bus/base.h"

struct disk;

/* Returns the folder for the files: $TMPDIR, or /var/tmp if that is not set or empty. */
const char *disk_overlay_folder(void);

/* Creates an unnamed file in that folder. Returns its descriptor or a negative errno. */
int disk_overlay_file(void);

/*
 * Creates the file of an overlay for a disk of `size` bytes. Returns its descriptor or a negative
 * errno.
 */
int disk_overlay_create(u64 size);

/*
 * Returns whether it was the overlay's file that failed, and not the disk beneath it. To be called
 * once after each failure of an overlay.
 */
bool disk_overlay_failed(struct disk *disk);

#endif
