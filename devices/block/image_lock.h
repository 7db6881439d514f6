/* SPDX-License-Identifier: MIT */
/* The locks that keep two machines, Baya's or QEMU's, from writing to one image. */
#ifndef DEVICES_BLOCK_IMAGE_LOCK_H
#define DEVICES_BLOCK_IMAGE_LOCK_H

#include "bus/base.h"

/*
 * Locks an image for one writer or any number of readers, until the file is closed or is locked
 * again for the other use. Returns 0, or -EBUSY if another machine writes to it or, unless
 * readonly, has it open. Even then other machines see this lock, until the file is closed or locked
 * again. On a file system without locks it has no effect.
 */
int image_lock(int fd, bool readonly);

#endif
