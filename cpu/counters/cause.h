/* SPDX-License-Identifier: MIT */
/* The causes of cycles: the components of a CPI stack. A cycle has one cause. */
#ifndef CPU_COUNTERS_CAUSE_H
#define CPU_COUNTERS_CAUSE_H

enum timing_cause {
#define CAUSE(id, name, meaning) CPI_##id,
#include "cpu/counters/cause.def"
#undef CAUSE
	TIMING_CAUSES
};

/* Short names for users and for JSON, and explanations for users. */
extern const char *const timing_cause_names[TIMING_CAUSES];
extern const char *const timing_cause_meanings[TIMING_CAUSES];

#endif
