/* SPDX-License-Identifier: MIT */
/*
 * Two models of one core side by side: one as ever, which takes from a memo what it has met
 * before, and one that steps all. They must agree on the cycle in which each record leaves, on the
 * time whenever it is asked, and on every count.
 */
#ifndef CPU_TIMING_MEMO_CHECK_H
#define CPU_TIMING_MEMO_CHECK_H

#include "cpu/timing/core.h"
#include "cpu/timing/model.h"

/* The first thing in which they differ. */
struct timing_difference {
	const char *what; /* NULL: nothing so far */
	u64 record; /* the first that it is known of, counted from 0 */
	u64 memoised, stepped; /* cycles, or counts */
};

/* Of a model of a core that is checked. */
const struct timing_difference *timing_check_difference(const struct timing_model *model);

#endif
