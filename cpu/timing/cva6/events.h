/* SPDX-License-Identifier: MIT */
/* What of a CVA6 is counted in a cycle (../tally.h); each after the step that it looks at. */
#ifndef CPU_TIMING_CVA6_EVENTS_H
#define CPU_TIMING_CVA6_EVENTS_H

#include "cpu/timing/cva6/core.h"

/* What the cycle is spent on, and what leaves in it: before anything else is counted. */
void cva6_count_cycle(struct cva6_core *core, const struct cva6_wires *wires);

/* `walker`, `icache`: states before the step. */
void cva6_count_memory(struct cva6_core *core, const struct cva6_wires *wires, u8 walker);
void cva6_count_fetch(struct cva6_core *core, u8 icache, const struct cva6_icache_out *out);

/* Cycles as the last one, in which nothing happens. */
void cva6_count_idle(struct cva6_core *core, u64 cycles);

#endif
