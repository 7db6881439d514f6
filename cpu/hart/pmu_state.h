/* SPDX-License-Identifier: MIT */
/* The counters of a hart, and the events that they can count (see counters/pmu.h). */
#ifndef CPU_HART_PMU_STATE_H
#define CPU_HART_PMU_STATE_H

#include "bus/base.h"

/* Counters are numbered as the bits of mcounteren; number 1 is time, which is none of them. */
#define PMU_COUNTERS 32
enum { PMU_CYCLE = 0, PMU_INSTRET = 2, PMU_FIRST = 3 };

/* The fields of mhpmevent; the inhibiting bits are also those of mcyclecfg and minstretcfg. */
#define MHPMEVENT_OF BIT(63)
#define MHPMEVENT_MINH BIT(62)
#define MHPMEVENT_SINH BIT(61)
#define MHPMEVENT_UINH BIT(60)
#define MHPMEVENT_VSINH BIT(59)
#define MHPMEVENT_VUINH BIT(58)
#define MHPMEVENT_FILTER (31ull << 58)
#define MHPMEVENT_SELECTOR (BIT(56) - 1)

enum pmu_event {
#define EVENT(id, selector, meaning) PMU_##id,
#include "cpu/hart/pmu.def"
#undef EVENT
	PMU_EVENTS
};

/*
 * The events that follow from the hart's own counts; all others are counted as they happen. If a
 * hart has a timing model, cycles come from the model, and so do all other events that it counts
 * (event.h).
 */
#define PMU_SOURCES 2
/* The modes are M, S, U, VS, VU: in the order of the inhibiting bits, and of enum timing_mode. */
#define PMU_MODES 5

/*
 * When an overflow of a counter of the model's events is noticed: when the number of instructions
 * begun since reset is a multiple of PMU_LOOK, if instructions that have left the pipeline by then
 * cause it; when the hart has slept; and when an instruction writes a register of the counters.
 */
#define PMU_LOOK 64

/* The counts of a model whose sum is a counter's value. */
struct pmu_sum {
	u64 events; /* a bit for each enum timing_event */
	u32 modes; /* a bit for each */
};

struct pmu {
	/* The fields down to `reached` follow from the registers below, and are read often. */
	u32 listening; /* a bit for each event that is counted as it happens */
	u32 armed; /* a bit for each counter of `running` whose overflow is to be noticed */
	bool filtered; /* `running` differs between modes */
	bool poked; /* the current write of a CSR is between instructions (csr_poke) */
	u32 running[PMU_MODES][PMU_SOURCES];
	u32 counting[PMU_EVENTS]; /* the counters of each event, in any mode */
	u64 seen[PMU_SOURCES]; /* the count up to which overflows have been noticed */
	/*
	 * A bit for each running counter of the model's events; the next two arrays are for these.
	 */
	u32 modelled;
	struct pmu_sum sum[PMU_COUNTERS];
	u64 reached[PMU_COUNTERS]; /* the highest value seen */
	u32 inhibit; /* mcountinhibit */
	/* The values; for a counter that runs, less the hart's or the model's own count. */
	u64 count[PMU_COUNTERS];
	u64 event[PMU_COUNTERS]; /* mcyclecfg, minstretcfg, mhpmevent3 ... */
};

#endif
