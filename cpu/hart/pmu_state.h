/* SPDX-License-Identifier: MIT */
/* The counters of a hart, and the events that they can count (see counters/pmu.h). */
#ifndef CPU_HART_PMU_STATE_H
#define CPU_HART_PMU_STATE_H

#include "bus/base.h"

/* Counters are numbered as the bits of mcounteren; 1 is time. */
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
 * The number of events that follow from the hart's own counts; the others are counted as they
 * happen. If a hart runs with a timing model, cycles are the model's, as is all else that it counts
 * (event.h).
 */
#define PMU_SOURCES 2
/* The modes are M, S, U, VS, VU: in the order of the inhibiting bits, and of enum timing_mode. */
#define PMU_MODES 5

/*
 * An overflow of what a model counts is noticed when the hart has begun a multiple of so many
 * instructions since reset, if the instructions that left the pipeline by then cause it; when the
 * hart has slept; and by an instruction that writes a register of the counters.
 */
#define PMU_LOOK 64

/* A counter's value is the sum of these counts of a model. */
struct pmu_sum {
	u64 events; /* a bit for each enum timing_event */
	u32 modes; /* a bit for each */
};

struct pmu {
	/* The fields from here to `reached` follow from the registers below, and are read often. */
	u32 listening; /* events, one bit each, that are counted as they happen */
	u32 armed; /* counters of `running` whose overflow is to be noticed */
	bool filtered; /* `running` differs between modes */
	bool poked; /* what is written now is written between instructions (csr_poke) */
	u32 running[PMU_MODES][PMU_SOURCES];
	u32 counting[PMU_EVENTS]; /* the counters of each event, in any mode */
	u64 seen[PMU_SOURCES]; /* the count up to which overflows have been noticed */
	u32 modelled; /* running counters of the model's events: */
	struct pmu_sum sum[PMU_COUNTERS];
	u64 reached[PMU_COUNTERS]; /* the highest value seen */
	u32 inhibit; /* mcountinhibit */
	/* The values; for a counter that runs, less the hart's or the model's own count. */
	u64 count[PMU_COUNTERS];
	u64 event[PMU_COUNTERS]; /* mcyclecfg, minstretcfg, mhpmevent3 ... */
};

#endif
