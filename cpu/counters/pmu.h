/* SPDX-License-Identifier: MIT */
/*
 * The counters of a hart: mcycle, minstret and mhpmcounter3 to 31, what each counts and in which
 * modes, and overflow (privileged manual, "Hardware Performance Monitor", Sscofpmf, Smcntrpmf).
 * What the hart or its timing model count in any case is not counted again: a counter holds what
 * it was ahead of that when it started. Who may access them is csr/counter.c's.
 */
#ifndef CPU_COUNTERS_PMU_H
#define CPU_COUNTERS_PMU_H

#include "bus/base.h"

struct hart;
struct isa;

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
#include "cpu/counters/pmu.def"
#undef EVENT
	PMU_EVENTS
};

/*
 * Those that follow from the hart's own counts; the others are counted as they happen. Where a hart
 * runs with a timing model, cycles are the model's, with all else that it counts (timing/event.h).
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

/* What of a model's counts a counter adds up. */
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

/*
 * A change of what runs goes between pause and resume. `ahead` is 1 in the course of an
 * instruction, which still belongs to what was before, and 0 between instructions.
 */
void pmu_pause(struct hart *hart, unsigned ahead);
void pmu_resume(struct hart *hart, unsigned ahead);

/* The same, of a change of the mode alone; where `filtered` is not set there is no need. */
void pmu_leave_mode(struct hart *hart, unsigned ahead);
void pmu_enter_mode(struct hart *hart, unsigned ahead);

/*
 * After all of the state was replaced, or hart->timed: cut illegal bits, and derive what follows.
 */
void pmu_loaded(struct hart *hart);

/* A counter's value, and the writes of an instruction: of any value, cut to what is legal. */
u64 pmu_read(const struct hart *hart, unsigned counter);
void pmu_write(struct hart *hart, unsigned counter, u64 value);
void pmu_write_event(struct hart *hart, unsigned counter, u64 value);
void pmu_write_inhibit(struct hart *hart, u64 value);

/* The OF bits, as in scountovf. */
u32 pmu_overflowed(const struct hart *hart);

/* Notice overflows until now, and after sleep; the steps until the next one, at most `most`. */
void pmu_poll(struct hart *hart);
void pmu_slept(struct hart *hart);
u64 pmu_distance(const struct hart *hart, u64 most);

/* Events, one bit each, happened in the hart's mode. Not cycles and instructions. */
void pmu_count(struct hart *hart, u32 events);

/* The hart is about to leave its mode by a trap. */
void pmu_count_trap(struct hart *hart, u64 cause, bool to_virt);

/* The hart sleeps: have it woken when a counter of cycles overflows. */
void pmu_sleep(struct hart *hart);

/* The counters that there are, a bit for each; those of Zihpm that are not read as zero. */
u32 pmu_counters(const struct isa *isa);

/* The number of an event of pmu.def; what of it is in mhpmevent is pmu_code.h's. */
u64 pmu_selector(enum pmu_event event);

#endif
