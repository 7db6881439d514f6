/* SPDX-License-Identifier: MIT */
/* Host files that hold guest memory, or its first contents. */
#ifndef BUS_RAM_FILE_H
#define BUS_RAM_FILE_H

#include "bus/base.h"

/*
 * Opens or creates a file of at least `size` bytes, by the rules of ram_init_backed. Returns a
 * descriptor or -errno.
 */
int ram_file_open(const char *path, u64 size);

/*
 * Copies the file's bytes, except holes, to memory that is all zeros. The file is only read, and
 * may be read-only. Returns 0 or -errno.
 */
int ram_file_copy(const char *path, u8 *memory, u64 size);

#endif
