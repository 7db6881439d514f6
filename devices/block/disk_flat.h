/* SPDX-License-Identifier: MIT */
/* Raw copies of qcow2 images, for what works only on raw images (disk_copy.h). */
#ifndef DEVICES_BLOCK_DISK_FLAT_H
#define DEVICES_BLOCK_DISK_FLAT_H

struct disk;

/*
 * Copies the contents of an image that was opened readonly into an unnamed file in
 * disk_overlay_folder(), and makes the disk use that instead. Returns 0 or a negative errno; after
 * an error the disk is unchanged.
 */
int disk_make_flat(struct disk *disk);

#endif
