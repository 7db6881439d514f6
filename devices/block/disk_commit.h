/* SPDX-License-Identifier: MIT */
/*
 * Writes what a disk holds to the image beneath it, as QEMU's command `commit` does: an overlay to
 * its image, a qcow2 image to its backing file. The upper one is empty after that.
 */
#ifndef DEVICES_BLOCK_DISK_COMMIT_H
#define DEVICES_BLOCK_DISK_COMMIT_H

#include "bus/base.h"

struct disk;

/* Returns whether there is an image beneath the disk from which the disk may differ. */
bool disk_can_commit(const struct disk *disk);

/*
 * Commits a disk for which disk_can_commit returns true and which has no operation in progress;
 * `path` is that of its image. The image beneath is locked for writing meanwhile. Returns 0, or a
 * negative errno with a line in why (QCOW2_WHY bytes). What the guest reads from the disk is the
 * same in any case. After an error in writing to it, the image beneath may have a part of it, and
 * stays locked until a commit succeeds. After success, why is empty or has a warning.
 */
int disk_commit(struct disk *disk, const char *path, char *why);

#endif
