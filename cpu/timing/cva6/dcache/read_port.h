/* SPDX-License-Identifier: MIT */
/* The read ports of CVA6's data cache (wt_dcache_ctrl.sv). See dcache.h. */
#ifndef CPU_TIMING_CVA6_DCACHE_READ_PORT_H
#define CPU_TIMING_CVA6_DCACHE_READ_PORT_H

#include "cpu/timing/cva6/dcache/dcache.h"

/* Returns whether a port requests the arrays, or the miss unit. */
bool cva6_port_reads(const struct cva6_read_port *port, bool request);
static inline bool cva6_port_misses(const struct cva6_read_port *port)
{
	return port->state == CVA6_PORT_MISS_REQ || port->state == CVA6_PORT_KILL_MISS_ACK;
}
void cva6_port_step(struct cva6_dcache *dcache, unsigned index, struct cva6_dcache_cycle *cycle);

#endif
