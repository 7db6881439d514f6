/* SPDX-License-Identifier: MIT */
/*
 * The meaning of an event number in mhpmevent. Baya's own numbers (pmu.def, counters/event.def) are
 * those of the SBI where it has one. If the event codes of a core are known (pmu_code.def), that
 * core uses these codes, because software for it expects them; there Baya's numbers need the bit
 * PMU_OWN, which they may have on any core.
 */
#ifndef CPU_COUNTERS_PMU_CODE_H
#define CPU_COUNTERS_PMU_CODE_H

#include "cpu/counters/pmu.h"
#include "cpu/isa/ext.h"

/* A bit above the codes of all cores. */
#define PMU_OWN BIT(31)

/*
 * The events that a number selects, which are counted together. If `modelled` is not empty, `own`
 * is empty.
 */
struct pmu_selected {
	u32 own; /* one bit for each enum pmu_event */
	u64 modelled; /* one bit for each enum timing_event */
};

struct pmu_code {
	enum ext ext; /* harts with this extension have the code */
	u64 code;
	struct pmu_selected selected;
};

extern const struct pmu_code pmu_codes[];
extern const unsigned pmu_code_count;

/* Returns whether a hart has the codes of its core's manual. */
bool pmu_has_codes(const struct isa *isa);

/*
 * Returns the events that a number selects; none if it is not the number of an event of this hart.
 * `modelled`: the hart has a timing model that counts.
 */
struct pmu_selected pmu_select(const struct isa *isa, u64 selector, bool modelled);

/* Returns the selection of one of Baya's own events, by its number without PMU_OWN. */
struct pmu_selected pmu_select_own(u64 number, bool modelled);

#endif
