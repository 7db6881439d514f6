/* SPDX-License-Identifier: MIT */
/* The locks that keep two machines, Baya's or QEMU's, from writing one image. */
#ifndef DEVICES_BLOCK_IMAGE_LOCK_H
#define DEVICES_BLOCK_IMAGE_LOCK_H

#include "bus/base.h"

/*
 * Locks an image for one writer or any number of readers, until the file is closed or is locked for
 * the other of the two. Returns 0, or -EBUSY if another machine writes it or, when it is to be
 * written, has it open. Other machines see the lock even then, until the file is closed or locked
 * again. A file system without locks locks nothing.
 */
int image_lock(int fd, bool readonly);

#endif
