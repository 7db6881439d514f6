/* SPDX-License-Identifier: MIT */
/*
 * Two models of one core: one replays from a memo as usual, the other steps everything. They must
 * agree on the cycle in which each record retires, on the time whenever it is read, and on every
 * count.
 */
#ifndef CPU_TIMING_MEMO_CHECK_H
#define CPU_TIMING_MEMO_CHECK_H

#include "cpu/timing/core.h"
#include "cpu/timing/model.h"

/* The first difference between the two. */
struct timing_difference {
	const char *what; /* the name of the value that differs; NULL: no difference so far */
	u64 record; /* the number, from 0, of the first record known to differ */
	u64 memoised, stepped; /* cycles, or counts */
};

/* Returns the first difference; the model's core must be `checked`. */
const struct timing_difference *timing_check_difference(const struct timing_model *model);

#endif
