/* SPDX-License-Identifier: MIT */
/*
 * Keeps writes to a disk in an unnamed qcow2 image whose backing file is the disk; they are lost
 * when the disk is closed (-snapshot).
 */
#ifndef DEVICES_BLOCK_DISK_OVERLAY_H
#define DEVICES_BLOCK_DISK_OVERLAY_H

#include "bus/base.h"

struct disk;

/* Returns the folder for the files: $TMPDIR, or /var/tmp when that is not set or empty. */
const char *disk_overlay_folder(void);

/* Creates a file in it, without a name from then on. Returns its descriptor or a negative errno. */
int disk_overlay_file(void);

/* Makes the file of an overlay for so many bytes. Returns its descriptor or a negative errno. */
int disk_overlay_create(u64 size);

/*
 * Returns, once for each failure of an overlay, whether it was one of the overlay's file and not of
 * the disk beneath.
 */
bool disk_overlay_failed(struct disk *disk);

#endif
