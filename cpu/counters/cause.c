/* SPDX-License-Identifier: MIT */
/* Names of what cycles are spent on. */
#include "cpu/counters/cause.h"

const char *const timing_cause_names[TIMING_CAUSES] = {
#define CAUSE(id, name, meaning) [CPI_##id] = name,
#include "cpu/counters/cause.def"
#undef CAUSE
};

const char *const timing_cause_meanings[TIMING_CAUSES] = {
#define CAUSE(id, name, meaning) [CPI_##id] = meaning,
#include "cpu/counters/cause.def"
#undef CAUSE
};
