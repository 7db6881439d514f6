/* SPDX-License-Identifier: MIT */
/*
 * Writing what a disk holds into the image beneath it, as QEMU's command `commit` does: an overlay
 * into its image, a qcow2 image into its backing file. The upper one is empty after that.
 */
#ifndef DEVICES_BLOCK_DISK_COMMIT_H
#define DEVICES_BLOCK_DISK_COMMIT_H

#include "bus/base.h"

struct disk;

/* Returns whether there is an image beneath the disk, and the disk may differ from it. */
bool disk_can_commit(const struct disk *disk);

/*
 * Commits a disk of which disk_can_commit is true; no operation of it may be in progress, and
 * `path` is that of its image. The image beneath is locked for writing meanwhile. 0, or a negative
 * errno with a line in why (QCOW2_WHY bytes); the disk's contents are the same in any case. After
 * an error the image beneath may have a part, and stays locked until a commit succeeds. After 0,
 * why is empty or has a warning.
 */
int disk_commit(struct disk *disk, const char *path, char *why);

#endif
