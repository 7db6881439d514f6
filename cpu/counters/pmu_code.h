/* SPDX-License-Identifier: MIT */
/*
 * The meaning of a number in mhpmevent. Baya's own numbers (pmu.def, counters/event.def) are SBI's
 * where SBI has one. A core whose own codes are known (pmu_code.def) has those instead, as software
 * written for it expects; there Baya's numbers need the bit PMU_OWN, and they may have it on any
 * core.
 */
#ifndef CPU_COUNTERS_PMU_CODE_H
#define CPU_COUNTERS_PMU_CODE_H

#include "cpu/counters/pmu.h"
#include "cpu/isa/ext.h"

/* A bit above the codes of all cores. */
#define PMU_OWN BIT(31)

/*
 * The selected events are counted together. An event that a model counts comes first; `own` is then
 * empty.
 */
struct pmu_selected {
	u32 own; /* a bit for each enum pmu_event */
	u64 modelled; /* a bit for each enum timing_event */
};

struct pmu_code {
	enum ext ext; /* the harts that have it */
	u64 code;
	struct pmu_selected selected;
};

extern const struct pmu_code pmu_codes[];
extern const unsigned pmu_code_count;

/* Returns whether a hart has the codes of its core's manual. */
bool pmu_has_codes(const struct isa *isa);

/*
 * Returns an empty selection for what is no event of this hart. `modelled`: a timing model counts.
 */
struct pmu_selected pmu_select(const struct isa *isa, u64 selector, bool modelled);

/* Selects an event of Baya's own, by its number without PMU_OWN. */
struct pmu_selected pmu_select_own(u64 number, bool modelled);

#endif
