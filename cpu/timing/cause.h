/* SPDX-License-Identifier: MIT */
/* What cycles are spent on: the layers of a CPI stack. A cycle has one cause. */
#ifndef CPU_TIMING_CAUSE_H
#define CPU_TIMING_CAUSE_H

enum timing_cause {
#define CAUSE(id, name, meaning) SPENT_##id,
#include "cpu/timing/cause.def"
#undef CAUSE
	TIMING_CAUSES
};

/* Short names, for people and JSON. */
extern const char *const timing_cause_names[TIMING_CAUSES];

#endif
