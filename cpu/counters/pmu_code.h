/* SPDX-License-Identifier: MIT */
/*
 * What a number in mhpmevent stands for. Baya's own numbers (pmu.def, counters/event.def) are SBI's
 * where it has one. A core whose own codes are known (pmu_code.def) has these instead, as software
 * written for it expects; what is Baya's has PMU_OWN with it there, and may have it anywhere.
 */
#ifndef CPU_COUNTERS_PMU_CODE_H
#define CPU_COUNTERS_PMU_CODE_H

#include "cpu/counters/pmu.h"
#include "cpu/isa/ext.h"

/* More than any core's codes reach to. */
#define PMU_OWN BIT(31)

/* Counted together; of the two, what a model counts comes first, and `own` is then empty. */
struct pmu_selected {
	u32 own; /* a bit for each (enum pmu_event) */
	u64 modelled; /* a bit for each (enum timing_event) */
};

struct pmu_code {
	enum ext ext; /* of harts that have it */
	u64 code;
	struct pmu_selected selected;
};

extern const struct pmu_code pmu_codes[];
extern const unsigned pmu_code_count;

/* Has a hart codes of its core's? */
bool pmu_has_codes(const struct isa *isa);

/* Nothing for what is no event of this hart; `modelled`: a timing model counts. */
struct pmu_selected pmu_select(const struct isa *isa, u64 selector, bool modelled);

/* This selects an event of Baya's own, by its number without PMU_OWN. */
struct pmu_selected pmu_select_own(u64 number, bool modelled);

#endif
