/* SPDX-License-Identifier: MIT */
/*
 * The events that timing models count, their names, and the numbers by which software selects them.
 * The causes of cycles are events as well.
 */
#ifndef CPU_COUNTERS_EVENT_H
#define CPU_COUNTERS_EVENT_H

#include "cpu/counters/cause.h"
#include "cpu/hart/pmu_state.h"

enum timing_event {
#define EVENT(id, name, selector, meaning) TIMING_##id,
#define SUM(name, selector, first, second)
#include "cpu/counters/event.def"
#undef EVENT
#undef SUM
	TIMING_CPI, /* the causes follow, in their order */
	TIMING_EVENTS = TIMING_CPI + TIMING_CAUSES
};

/* The count of each event in each mode; the modes are numbered as described at PMU_MODES. */
struct timing_counts {
	u64 in[PMU_MODES][TIMING_EVENTS];
};

/* A selector is a choice of software for a counter: one event, or several counted together. */
struct timing_selector {
	const char *name;
	u64 selector; /* the number in mhpmevent */
	u64 events; /* one bit each */
};

/* The selectors of single events come first, in the order of the events. */
extern const struct timing_selector timing_selectors[];
extern const unsigned timing_selector_count;

/* Returns the selector with this number in mhpmevent, or NULL. */
const struct timing_selector *timing_selector_find(u64 selector);

#endif
