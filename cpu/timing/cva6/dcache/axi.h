/* SPDX-License-Identifier: MIT */
/*
 * CVA6's interface to memory (wt_axi_adapter.sv): queues for the requests of both caches, an
 * arbiter between them, and the returns, of which one for the data cache can be handed on in a
 * cycle.
 */
#ifndef CPU_TIMING_CVA6_DCACHE_AXI_H
#define CPU_TIMING_CVA6_DCACHE_AXI_H

#include "cpu/timing/cva6/params.h"
#include "cpu/timing/units/bus_port.h"

enum cva6_axi_type { CVA6_AXI_LOAD, CVA6_AXI_STORE, CVA6_AXI_AMO, CVA6_AXI_LR, CVA6_AXI_SC };

struct cva6_axi_request {
	u8 type;
	u8 write; /* of a store: its number among those under way */
	bool cached; /* of a load: a whole line */
	u64 address;
};

struct cva6_axi_queue {
	struct cva6_axi_request request[CVA6_REQUESTS_MAX];
	u8 count; /* [0] is the oldest */
};

enum cva6_return_type {
	CVA6_RETURN_NONE, CVA6_RETURN_LOAD, CVA6_RETURN_STORE, CVA6_RETURN_ATOMIC,
	CVA6_RETURN_INVALIDATE,
};

/* A return to the data cache. */
struct cva6_axi_return {
	u8 type, write;
	u64 address; /* of an invalidation */
};

#define CVA6_ACKNOWLEDGED 8

struct cva6_axi {
	struct bus_port bus;
	struct cva6_axi_queue icache, dcache;
	u8 rr;
	u8 writes; /* under way */
	bool atomic_reads; /* amo_gen_r_q: the latest atomic is answered by a read */
	u8 acknowledged[CVA6_ACKNOWLEDGED], acknowledged_count; /* i_b_fifo */
	/* Of this cycle. */
	bool icache_return;
	struct cva6_axi_return dcache_return;
};

static inline bool cva6_axi_accepts(const struct cva6_axi_queue *queue,
				    const struct cva6_params *params)
{
	return queue->count < params->axi_requests;
}

/*
 * Step to the next cycle; either request, accepted at this cycle's start, may be NULL. `now` counts
 * cycles.
 */
void cva6_axi_step(struct cva6_axi *axi, const struct cva6_params *params, u64 now,
		   const struct cva6_axi_request *icache, const struct cva6_axi_request *dcache);

#endif
