/* SPDX-License-Identifier: MIT */
/*
 * CVA6's interface to memory (wt_axi_adapter.sv): queues for the requests of both caches, an
 * arbiter between them, and the responses, of which the data cache can take one in each cycle.
 */
#ifndef CPU_TIMING_CVA6_DCACHE_AXI_H
#define CPU_TIMING_CVA6_DCACHE_AXI_H

#include "cpu/timing/cva6/params.h"
#include "cpu/timing/units/bus_port.h"

enum cva6_axi_type { CVA6_AXI_LOAD, CVA6_AXI_STORE, CVA6_AXI_AMO, CVA6_AXI_LR, CVA6_AXI_SC };

enum cva6_return_type {
	CVA6_RETURN_NONE, CVA6_RETURN_LOAD, CVA6_RETURN_STORE, CVA6_RETURN_ATOMIC,
	CVA6_RETURN_INVALIDATE,
};

#define CVA6_ACKNOWLEDGED 8

#define UNITS "cpu/timing/cva6/state/axi.def"
#include "cpu/timing/fields/structs.inc"

static inline bool cva6_axi_accepts(const struct cva6_axi_queue *queue,
				    const struct cva6_params *params)
{
	return queue->count < params->axi_requests;
}

/* Returns which caches' requests compete for memory, a bit for each. */
u32 cva6_axi_requests(const struct cva6_axi *axi, const struct cva6_params *params);

/*
 * Steps to the next cycle; either request, accepted at this cycle's start, may be NULL. `now`
 * counts cycles.
 */
void cva6_axi_step(struct cva6_axi *axi, const struct cva6_params *params, u64 now,
		   const struct cva6_axi_request *icache, const struct cva6_axi_request *dcache);

/* Returns whether no request waits to be sent, and memory does not answer in this cycle. */
bool cva6_axi_rests(const struct cva6_axi *axi, u64 now);

/* Returns whether an atomic's write is acknowledged later, which is when atomic_reads matters. */
bool cva6_axi_awaits_atomic(const struct cva6_axi *axi);

#endif
