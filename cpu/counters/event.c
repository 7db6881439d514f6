/* SPDX-License-Identifier: MIT */
/* The table of selectors (see event.h). */
#include "cpu/counters/event.h"

#define CPI_SELECTOR 0x20200

_Static_assert(TIMING_EVENTS <= 64, "a bit for each event");

const struct timing_selector timing_selectors[] = {
#define EVENT(id, name, selector, meaning) { name, selector, BIT(TIMING_##id) },
#define SUM(name, selector, first, second)
#include "cpu/counters/event.def"
#undef EVENT
#undef SUM
#define CAUSE(id, name, meaning)                                                                   \
	{ "cycles-" name, CPI_SELECTOR + CPI_##id, BIT(TIMING_CPI + CPI_##id) },
#include "cpu/counters/cause.def"
#undef CAUSE
#define EVENT(id, name, selector, meaning)
#define SUM(name, selector, first, second)                                                         \
	{ name, selector, BIT(TIMING_##first) | BIT(TIMING_##second) },
#include "cpu/counters/event.def"
#undef EVENT
#undef SUM
};
const unsigned timing_selector_count = ARRAY_SIZE(timing_selectors);

const struct timing_selector *timing_selector_find(u64 selector)
{
	for (unsigned n = 0; n < timing_selector_count; n++)
		if (timing_selectors[n].selector == selector)
			return &timing_selectors[n];
	return NULL;
}
