/* SPDX-License-Identifier: MIT */
/* A hart's TLB counts what --stats tells of it, and so does native code. */
#ifndef CPU_HART_TLB_STATS_H
#define CPU_HART_TLB_STATS_H

#include "bus/base.h"

/*
 * How often a load, store or fetch within a page missed its view; how often the second level
 * missed, too, or the access had to be walked for another reason. An access to a device is both
 * each time.
 */
struct tlb_stats {
	u64 misses, walks;
};

#endif
