/* SPDX-License-Identifier: MIT */
/* The arrays of CVA6's data cache: how actions change them, and comparisons for its units. */
#ifndef CPU_TIMING_CVA6_DCACHE_ARRAYS_H
#define CPU_TIMING_CVA6_DCACHE_ARRAYS_H

#include "cpu/timing/cva6/actions.h"

/*
 * Performs an effect on the arrays, and on everything except data that is read from them: `kind` is
 * CVA6_ACTION_LATCH or one after it (actions.h).
 */
void cva6_dcache_arrays(struct cva6_dcache *dcache, unsigned kind, unsigned port, u64 address);

static inline bool cva6_same_line(const struct cva6_dcache *dcache, u64 a, u64 b)
{
	return actions_same(dcache->actions, ~(u64)(dcache->tags.shape.line - 1), a, &b, 1);
}

#endif
