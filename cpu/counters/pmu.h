/* SPDX-License-Identifier: MIT */
/*
 * The counters of a hart: mcycle, minstret and mhpmcounter3 to 31, what each counts and in which
 * modes, and overflow (privileged manual, "Hardware Performance Monitor", Sscofpmf, Smcntrpmf).
 * Anything that the hart or its timing model counts anyway is not counted a second time: while a
 * counter of it runs, `count` is the difference between its value and that count. csr/counter.c
 * checks who may access counters.
 */
#ifndef CPU_COUNTERS_PMU_H
#define CPU_COUNTERS_PMU_H

#include "cpu/hart/hart.h"

/*
 * The caller changes which counters run, or what they count, between pause and resume. `ahead` is 1
 * during an instruction, which is still counted as before the change, and 0 between instructions.
 */
void pmu_pause(struct hart *hart, unsigned ahead);
void pmu_resume(struct hart *hart, unsigned ahead);

/* Do the same for a change of the mode alone. They are only needed if `filtered` is set. */
void pmu_leave_mode(struct hart *hart, unsigned ahead);
void pmu_enter_mode(struct hart *hart, unsigned ahead);

/*
 * Clears illegal bits of the registers and computes the derived fields. Called when all of the
 * state, or the timing model, was replaced.
 */
void pmu_loaded(struct hart *hart);

/*
 * pmu_read reads a counter. The others perform a write by an instruction or a debugger: any value
 * is reduced to a legal one.
 */
u64 pmu_read(const struct hart *hart, unsigned counter);
void pmu_write(struct hart *hart, unsigned counter, u64 value);
void pmu_write_event(struct hart *hart, unsigned counter, u64 value);
void pmu_write_inhibit(struct hart *hart, u64 value);

/* Returns the OF bits, as in scountovf. */
u32 pmu_overflowed(const struct hart *hart);

/*
 * pmu_poll handles the overflows until now, and pmu_slept those during a sleep. pmu_distance
 * returns the number of steps until the next overflow, at most `most`.
 */
void pmu_poll(struct hart *hart);
void pmu_slept(struct hart *hart);
u64 pmu_distance(const struct hart *hart, u64 most);

/*
 * Counts events in the hart's mode. `events` has one bit for each event; cycles and instructions
 * are not among them.
 */
void pmu_count(struct hart *hart, u32 events);

/* Counts an event, if any counter counts it. */
static inline void hart_event(struct hart *hart, enum pmu_event event)
{
	if (unlikely(hart->pmu.listening >> event & 1))
		pmu_count(hart, 1u << event);
}

/* Counts the events of a trap. Called before the hart leaves its mode. */
void pmu_count_trap(struct hart *hart, u64 cause, bool to_virt);

/*
 * Schedules a wake-up at the next overflow of a counter of cycles. Called when the hart goes to
 * sleep.
 */
void pmu_sleep(struct hart *hart);

/* Returns which counters exist, one bit for each. The others of Zihpm read as zero. */
u32 pmu_counters(const struct isa *isa);

/*
 * Returns the number of an event of pmu.def, in the encoding of mhpmevent that pmu_code.h
 * describes.
 */
u64 pmu_selector(enum pmu_event event);

#endif
