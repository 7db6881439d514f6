/* SPDX-License-Identifier: MIT */
/* The miss unit of CVA6's data cache (wt_dcache_missunit.sv). See dcache.h. */
#ifndef CPU_TIMING_CVA6_DCACHE_MISS_UNIT_H
#define CPU_TIMING_CVA6_DCACHE_MISS_UNIT_H

#include "cpu/timing/cva6/dcache/dcache.h"

/* Takes the outcome of an SC. Returns for how many cycles the next load-reserved waits. */
u16 cva6_backoff_take(struct cva6_backoff *backoff, bool failed);

/* Serves cycle->miss_requests: acknowledgements, replays, the request to memory. */
void cva6_miss_step(struct cva6_dcache *dcache, const struct cva6_params *params,
		    struct cva6_dcache_cycle *cycle);

#endif
