/* SPDX-License-Identifier: MIT */
/*
 * Events that models count, their names, and the numbers by which software selects them. What a
 * cycle is spent on is an event as well.
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
	TIMING_CPI, /* and then the causes, in their order */
	TIMING_EVENTS = TIMING_CPI + TIMING_CAUSES
};

/* These are the counts of each event, separately for each mode as PMU_MODES says. */
struct timing_counts {
	u64 in[PMU_MODES][TIMING_EVENTS];
};

/* A selector is what software can choose to count: one event, or several counted together. */
struct timing_selector {
	const char *name;
	u64 selector; /* as in mhpmevent */
	u64 events; /* one bit each */
};

/* The events come first, in their order. */
extern const struct timing_selector timing_selectors[];
extern const unsigned timing_selector_count;

/* By the number in mhpmevent; or NULL. */
const struct timing_selector *timing_selector_find(u64 selector);

#endif
