/* SPDX-License-Identifier: MIT */
/* Looks up selectors in the tables of cores' codes and of Baya's own events (see pmu_code.h). */
#include "cpu/counters/pmu_code.h"

#include "cpu/isa/isa.h"
#include "cpu/counters/event.h"

static const u64 selectors[PMU_EVENTS] = {
#define EVENT(id, selector, meaning) selector,
#include "cpu/hart/pmu.def"
#undef EVENT
};

const struct pmu_code pmu_codes[] = {
#define CODE(ext, code, own, modelled) { EXT_##ext, code, { own, modelled } },
#include "cpu/counters/pmu_code.def"
#undef CODE
};
const unsigned pmu_code_count = ARRAY_SIZE(pmu_codes);

u64 pmu_selector(enum pmu_event event)
{
	return selectors[event];
}

bool pmu_has_codes(const struct isa *isa)
{
	for (unsigned n = 0; n < pmu_code_count; n++)
		if (isa_has(isa, pmu_codes[n].ext))
			return true;
	return false;
}

/*
 * Returns the event with Baya's own number. Instructions are always counted by the hart itself.
 * Most counters select no event, number 0.
 */
struct pmu_selected pmu_select_own(u64 number, bool modelled)
{
	const struct timing_selector *found = NULL;

	if (!number)
		return (struct pmu_selected){ 0 };
	if (modelled && number != selectors[PMU_instructions])
		found = timing_selector_find(number);
	if (found)
		return (struct pmu_selected){ .modelled = found->events };
	for (unsigned event = 0; event < PMU_EVENTS; event++)
		if (selectors[event] == number)
			return (struct pmu_selected){ .own = 1u << event };
	return (struct pmu_selected){ 0 };
}

static struct pmu_selected select_code(const struct isa *isa, u64 code, bool modelled)
{
	for (unsigned n = 0; n < pmu_code_count; n++)
		if (pmu_codes[n].code == code && isa_has(isa, pmu_codes[n].ext) &&
		    (modelled || pmu_codes[n].selected.own))
			return pmu_codes[n].selected;
	return (struct pmu_selected){ 0 };
}

struct pmu_selected pmu_select(const struct isa *isa, u64 selector, bool modelled)
{
	if (selector && !(selector & PMU_OWN) && pmu_has_codes(isa))
		return select_code(isa, selector, modelled);
	return pmu_select_own(selector & ~PMU_OWN, modelled);
}
