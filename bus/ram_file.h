/* SPDX-License-Identifier: MIT */
/* Files of the host's that guest memory is in, or begins with. */
#ifndef BUS_RAM_FILE_H
#define BUS_RAM_FILE_H

#include "bus/base.h"

/* A descriptor of a file of at least that size, as ram_init_backed says, or -errno. */
int ram_file_open(const char *path, u64 size);

/*
 * Its bytes, but for holes, go to memory of zeros; it is not written to, and need not be writable.
 * 0 or -errno.
 */
int ram_file_copy(const char *path, u8 *memory, u64 size);

#endif
