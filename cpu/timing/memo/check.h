/* SPDX-License-Identifier: MIT */
/*
 * Two models of one core side by side: one that replays from a memo as usual, and one that steps
 * all. They must agree on the cycle in which each record retires, on the time whenever it is asked
 * for, and on every count.
 */
#ifndef CPU_TIMING_MEMO_CHECK_H
#define CPU_TIMING_MEMO_CHECK_H

#include "cpu/timing/core.h"
#include "cpu/timing/model.h"

/* The first difference between the two. */
struct timing_difference {
	const char *what; /* the thing that differs; NULL: nothing so far */
	u64 record; /* number, from 0, of the first record known to differ */
	u64 memoised, stepped; /* cycles, or counts */
};

/* Returns the first difference of a model that was made of a core that is checked. */
const struct timing_difference *timing_check_difference(const struct timing_model *model);

#endif
