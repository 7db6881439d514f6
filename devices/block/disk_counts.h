/* SPDX-License-Identifier: MIT */
/* Counts of a guest's operations on a disk, as `info blockstats` prints them. */
#ifndef DEVICES_BLOCK_DISK_COUNTS_H
#define DEVICES_BLOCK_DISK_COUNTS_H

#include "bus/base.h"

/* The kinds of operations. DISK_UNMAP, which QEMU does not print, is the last. */
enum disk_count { DISK_READ, DISK_WRITE, DISK_FLUSH, DISK_UNMAP, DISK_COUNTS };

/* Counts of operations that succeeded. Writes of zeros count as writes. */
struct disk_counts {
	struct {
		u64 operations, bytes;
		u64 ns; /* the host's time that they took */
	} of[DISK_COUNTS];
	u64 last; /* when the last operation ended, by clock_host_ns(); 0: there was none */
};

#endif
