/* SPDX-License-Identifier: MIT */
/*
 * The counters of a hart: mcycle, minstret and mhpmcounter3 to 31, what each counts and in which
 * modes, and overflow (privileged manual, "Hardware Performance Monitor", Sscofpmf, Smcntrpmf).
 * What the hart or its timing model count in any case is not counted again: a counter holds what
 * it was ahead of that when it started. Who may access them is csr/counter.c's.
 */
#ifndef CPU_COUNTERS_PMU_H
#define CPU_COUNTERS_PMU_H

#include "cpu/hart/hart.h"

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
 * After all of the state was replaced, or its model: cut illegal bits, and derive what follows.
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

/* Something happened that counters may be counting. */
static inline void hart_event(struct hart *hart, enum pmu_event event)
{
	if (unlikely(hart->pmu.listening >> event & 1))
		pmu_count(hart, 1u << event);
}

/* The hart is about to leave its mode by a trap. */
void pmu_count_trap(struct hart *hart, u64 cause, bool to_virt);

/* The hart sleeps: have it woken when a counter of cycles overflows. */
void pmu_sleep(struct hart *hart);

/* The counters that there are, a bit for each; those of Zihpm that are not read as zero. */
u32 pmu_counters(const struct isa *isa);

/* The number of an event of pmu.def; what of it is in mhpmevent is pmu_code.h's. */
u64 pmu_selector(enum pmu_event event);

#endif
