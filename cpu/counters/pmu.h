/* SPDX-License-Identifier: MIT */
/*
 * The counters of a hart: mcycle, minstret and mhpmcounter3 to 31, what each counts and in which
 * modes, and overflow (privileged manual, "Hardware Performance Monitor", Sscofpmf, Smcntrpmf).
 * What the hart or its timing model counts in any case is not counted a second time: a counter
 * holds how far it was ahead of that count when it started. csr/counter.c checks who may access
 * counters.
 */
#ifndef CPU_COUNTERS_PMU_H
#define CPU_COUNTERS_PMU_H

#include "cpu/hart/hart.h"

/*
 * The caller makes a change of what runs between pause and resume. `ahead` is 1 in the course of an
 * instruction, which still belongs to what was before, and 0 between instructions.
 */
void pmu_pause(struct hart *hart, unsigned ahead);
void pmu_resume(struct hart *hart, unsigned ahead);

/*
 * These do the same for a change of the mode alone. They are not needed unless `filtered` is set.
 */
void pmu_leave_mode(struct hart *hart, unsigned ahead);
void pmu_enter_mode(struct hart *hart, unsigned ahead);

/*
 * After all of the state was replaced, or its model: cut illegal bits, and derive what follows.
 */
void pmu_loaded(struct hart *hart);

/*
 * Read a counter, and perform an instruction's writes, or a debugger's: any value is cut to what is
 * legal.
 */
u64 pmu_read(const struct hart *hart, unsigned counter);
void pmu_write(struct hart *hart, unsigned counter, u64 value);
void pmu_write_event(struct hart *hart, unsigned counter, u64 value);
void pmu_write_inhibit(struct hart *hart, u64 value);

/* Returns the OF bits, as in scountovf. */
u32 pmu_overflowed(const struct hart *hart);

/*
 * pmu_poll notices overflows until now, pmu_slept those of a sleep; pmu_distance returns the steps
 * until the next overflow, at most `most`.
 */
void pmu_poll(struct hart *hart);
void pmu_slept(struct hart *hart);
u64 pmu_distance(const struct hart *hart, u64 most);

/* Events, one bit each, happened in the hart's mode. Cycles and instructions are not among them. */
void pmu_count(struct hart *hart, u32 events);

/* An event happened that counters may be counting. */
static inline void hart_event(struct hart *hart, enum pmu_event event)
{
	if (unlikely(hart->pmu.listening >> event & 1))
		pmu_count(hart, 1u << event);
}

/* The hart is about to leave its mode by a trap. */
void pmu_count_trap(struct hart *hart, u64 cause, bool to_virt);

/* The hart sleeps: it is to be woken when a counter of cycles overflows. */
void pmu_sleep(struct hart *hart);

/* Returns the counters that there are, a bit for each; the others of Zihpm read as zero. */
u32 pmu_counters(const struct isa *isa);

/* Returns the number of an event of pmu.def. pmu_code.h says how mhpmevent holds it. */
u64 pmu_selector(enum pmu_event event);

#endif
