/* SPDX-License-Identifier: MIT */
/* The files of CVA6's data cache share these functions. See dcache.h. */
#ifndef CPU_TIMING_CVA6_DCACHE_WRITE_BUFFER_H
#define CPU_TIMING_CVA6_DCACHE_WRITE_BUFFER_H

#include "cpu/timing/cva6/actions.h"

/*
 * Do an effect on the arrays, and on what is read out of them beside data: `kind` is
 * CVA6_ACTION_LATCH or one after it (actions.h).
 */
void cva6_dcache_arrays(struct cva6_dcache *dcache, unsigned kind, unsigned port, u64 address);

/* read_port.c: return whether a port requests the arrays, or the miss unit. */
bool cva6_port_reads(const struct cva6_read_port *port, bool request);
static inline bool cva6_port_misses(const struct cva6_read_port *port)
{
	return port->state == CVA6_PORT_MISS_REQ || port->state == CVA6_PORT_KILL_MISS_ACK;
}
void cva6_port_step(struct cva6_dcache *dcache, unsigned index, struct cva6_dcache_cycle *cycle);

/* write_buffer.c: return a bit for each word whose line is still to be looked up. */
u32 cva6_writes_unchecked(const struct cva6_write_buffer *writes);
/*
 * Choose what is sent next: cycle->dirty, dirty_word and so on; return whether there is anything.
 */
bool cva6_writes_request(const struct cva6_write_buffer *writes, const struct cva6_params *params,
			 struct cva6_dcache_cycle *cycle);
/* Return whether a word of the line is being written. */
bool cva6_writes_to_line(const struct cva6_dcache *dcache, u64 address);
void cva6_writes_step(struct cva6_dcache *dcache, const struct cva6_params *params,
		      struct cva6_dcache_cycle *cycle);

/*
 * miss_unit.c: return for how many cycles, under `mask`, a load-reserved waits, and step the
 * generator.
 */
u16 cva6_backoff_step(struct cva6_backoff *backoff, u16 mask);

/* Serve cycle->miss_requests: acknowledgements, replays, the request to memory. */
void cva6_miss_step(struct cva6_dcache *dcache, const struct cva6_params *params,
		    struct cva6_dcache_cycle *cycle);

static inline bool cva6_same_line(const struct cva6_dcache *dcache, u64 a, u64 b)
{
	return actions_same(dcache->actions, ~(u64)(dcache->tags.shape.line - 1), a, &b, 1);
}

#endif
