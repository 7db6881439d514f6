/* SPDX-License-Identifier: MIT */
/* Flushes an image's file to the medium. */
#ifndef DEVICES_BLOCK_IMAGE_SYNC_H
#define DEVICES_BLOCK_IMAGE_SYNC_H

/*
 * Returns 0 or a negative errno, which is kept in *failed and returned by all later calls: after a
 * failed fdatasync(2), Linux may regard pages as written that are not, so the next one would
 * succeed without writing them. QEMU does the same (page_cache_inconsistent in
 * block/file-posix.c).
 */
int image_sync(int fd, int *failed);

#endif
