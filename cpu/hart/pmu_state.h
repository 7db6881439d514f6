/* SPDX-License-Identifier: MIT */
/* The counters of a hart, and the events that they can count: see counters/pmu.h. */
#ifndef CPU_HART_PMU_STATE_H
#define CPU_HART_PMU_STATE_H

#include "bus/base.h"

/* By their bits in mcounteren; 1 is time. */
#define PMU_COUNTERS 32
enum { PMU_CYCLE = 0, PMU_INSTRET = 2, PMU_FIRST = 3 };

/* Fields of mhpmevent; the inhibiting bits are also mcyclecfg's and minstretcfg's. */
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
 * Those that follow from the hart's own counts; the others are counted as they happen. Where a hart
 * runs with a timing model, cycles are the model's, with all else that it counts (event.h).
 */
#define PMU_SOURCES 2
/* M, S, U, VS, VU: in the order of the inhibiting bits, and of enum timing_mode. */
#define PMU_MODES 5

/*
 * An overflow of what a model counts is noticed where the hart has begun a multiple of so many
 * instructions since reset, once what has left the pipeline until then makes it; where the hart
 * has slept; and by an instruction that writes a register of the counters.
 */
#define PMU_LOOK 64

/* A counter adds up these of a model's counts. */
struct pmu_sum {
	u64 events; /* a bit for each (enum timing_event) */
	u32 modes; /* a bit for each */
};

struct pmu {
	/* Asked often; they and what stands next to them follow from the registers below. */
	u32 listening; /* events, one bit each, that are counted as they happen */
	u32 armed; /* counters of `running` whose overflow is to be noticed */
	bool filtered; /* it matters for `running` which mode it is */
	u32 running[PMU_MODES][PMU_SOURCES];
	u32 counting[PMU_EVENTS]; /* what counts each event, in some mode at least */
	u64 seen[PMU_SOURCES]; /* up to where overflows have been noticed */
	u32 modelled; /* running counters that are the model's: */
	struct pmu_sum sum[PMU_COUNTERS];
	u64 reached[PMU_COUNTERS]; /* the most that it was seen to be */
	u32 inhibit; /* mcountinhibit */
	/* Values; of what runs, less the hart's or the model's own count. */
	u64 count[PMU_COUNTERS];
	u64 event[PMU_COUNTERS]; /* mcyclecfg, minstretcfg, mhpmevent3 ... */
};

#endif
