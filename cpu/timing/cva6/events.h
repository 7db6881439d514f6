/* SPDX-License-Identifier: MIT */
/*
 * The events of a CVA6 that are counted in a cycle (../tally.h). Each function is called after the
 * step whose events it counts.
 */
#ifndef CPU_TIMING_CVA6_EVENTS_H
#define CPU_TIMING_CVA6_EVENTS_H

#include "cpu/timing/cva6/core.h"

/*
 * Attributes the cycle to its cause, and retires the instructions that commit in it, before
 * anything else is counted.
 */
void cva6_count_cycle(struct cva6_core *core, const struct cva6_wires *wires);

/* Count events of memory and fetch; `walker`, `icache` are states before the step. */
void cva6_count_memory(struct cva6_core *core, const struct cva6_wires *wires, u8 walker);
void cva6_count_fetch(struct cva6_core *core, u8 icache, const struct cva6_icache_out *out);

/* Counts cycles like the last one, in which nothing happens. */
void cva6_count_idle(struct cva6_core *core, u64 cycles);

#endif
