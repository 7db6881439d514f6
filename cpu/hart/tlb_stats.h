/* SPDX-License-Identifier: MIT */
/* The TLB's counters for --stats; native code counts here, too. */
#ifndef CPU_HART_TLB_STATS_H
#define CPU_HART_TLB_STATS_H

#include "bus/base.h"

/*
 * `misses`: how often a load, store or fetch within a page missed the view. `walks`: how often the
 * second level missed, too, or a walk was needed for another reason. An access to a device counts
 * as both.
 */
struct tlb_stats {
	u64 misses, walks;
};

#endif
