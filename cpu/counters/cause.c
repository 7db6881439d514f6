/* SPDX-License-Identifier: MIT */
/* The names of the causes (cause.h). */
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
