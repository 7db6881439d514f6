/* SPDX-License-Identifier: MIT */
/* Counts of what a guest has done with a disk, as `info blockstats` tells them. */
#ifndef DEVICES_BLOCK_DISK_COUNTS_H
#define DEVICES_BLOCK_DISK_COUNTS_H

#include "bus/base.h"

/* DISK_UNMAP, which QEMU does not tell, is the last. */
enum disk_count { DISK_READ, DISK_WRITE, DISK_FLUSH, DISK_UNMAP, DISK_COUNTS };

/* Operations that succeeded; writes of zeros are writes. */
struct disk_counts {
	struct {
		u64 operations, bytes;
		u64 ns; /* the host's time that they took */
	} of[DISK_COUNTS];
	u64 last; /* when the last operation ended, by clock_host_ns(); 0: there was none */
};

#endif
