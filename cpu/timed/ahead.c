/* SPDX-License-Identifier: MIT */
/* Computes how many instructions fit in the cycles that are left (see timed/ahead.h). */
#include "cpu/timed/ahead.h"

#include "bus/clock.h"
#include "cpu/hart/hart.h"

/* A pace is in cycles for this many instructions. */
#define PACE_UNIT 16
#define PACE_LEAST (PACE_UNIT / TIMED_PER_CYCLE)
#define PACE_MOST (PACE_UNIT * 1024)
#define PACE_FIRST (PACE_UNIT * 4)
/*
 * The least result of timed_steps_about(), because computing the time costs as much as executing
 * some instructions.
 */
#define LEAST_ABOUT 16
/* The number of instructions that are few enough to be executed one by one. */
#define FEW 16

void timed_pace_reset(struct timed *timed)
{
	timed->pace = PACE_FIRST;
	timed->paced_steps = timed->hart->steps;
	timed->paced_cycles = timed->not_before = 0;
}

void timed_pace_idle(struct timed *timed, u64 cycles)
{
	timed->paced_cycles += cycles;
}

bool timed_pace_loaded(const struct timed *timed)
{
	return timed->pace >= PACE_LEAST && timed->pace <= PACE_MOST &&
	       timed->paced_steps <= timed->hart->steps &&
	       timed->not_before <= timing_core_cycles(timed->core, CLOCK_LAST);
}

/* Measures the pace. A few instructions may be quick by chance, so they do not lower it. */
static void keep_pace(struct timed *timed, u64 cycles)
{
	u64 steps = timed->hart->steps - timed->paced_steps;
	u64 taken = cycles - MIN(cycles, timed->paced_cycles), pace;

	if (!steps)
		return;
	pace = MAX(MIN(taken * PACE_UNIT / steps, PACE_MOST), PACE_LEAST);
	timed->pace = (u32)(steps < FEW ? MAX(pace, timed->pace) : pace);
	timed->paced_steps = timed->hart->steps;
	timed->paced_cycles = cycles;
}

/* Returns the first cycle that is no earlier than `ns`. */
static u64 cycle_at(const struct timed *timed, u64 ns)
{
	u64 cycle = timing_core_cycles(timed->core, ns - timed->epoch);

	return timing_core_ns(timed->core, cycle) < ns - timed->epoch ? cycle + 1 : cycle;
}

/* Returns the cycle as the model counts it. */
static u64 model_cycle(const struct timed *timed, u64 cycle)
{
	return cycle - timed->before + timed->origin;
}

void timed_fence(struct timed *timed)
{
	if (!timed_counts(timed) || timed->priced)
		return;
	timed->fenced = timed->hart->steps;
	hart_yield(timed->hart);
}

/*
 * Returns whether the last instruction, or the next one, may take longer than timing_most() says.
 */
static bool is_fenced(const struct timed *timed)
{
	return timed->hart->steps - timed->fenced <= 1;
}

/*
 * Returns how many instructions to execute until `cycle`: those that retire before it, as far as
 * they are known by lookahead, or else `steps`. 0: the next one retires so late that the hart has
 * reached the cycle already.
 */
static u64 steps_until(struct timed *timed, u64 cycle, u64 steps)
{
	unsigned count;
	bool all;

	if (!timing_looks_ahead(timed->model))
		return MAX(steps, 1);
	all = timing_retire_before(timed->model, model_cycle(timed, cycle), &count);
	if (!all)
		return count + 1;
	if (!count)
		timed->not_before = cycle;
	return count;
}

/* Returns an upper bound of the current cycle, without asking the model for the time. */
static u64 ahead_latest(struct timed *timed)
{
	return MAX(timed->before + timing_cycles_bound(timed->model) - timed->origin,
		   timed->not_before);
}

bool timed_reaches(struct timed *timed, u64 ns)
{
	if (timed_counts(timed) && !is_fenced(timed) && ahead_latest(timed) < cycle_at(timed, ns))
		return false;
	return timed_ns(timed) >= ns;
}

u64 timed_steps(struct timed *timed, u64 until)
{
	u64 end = cycle_at(timed, until), now, most = timed->most;

	if (timed_counts(timed) && !is_fenced(timed)) {
		now = ahead_latest(timed);
		if (now < end && (end - now) / most > FEW)
			return (end - now) / most;
	}
	now = timed_cycles(timed);
	if (end <= now)
		return 0;
	if (!timed_counts(timed))
		return end - now;
	if (timed->hart->steps == timed->fenced)
		return steps_until(timed, end, 1);
	return (end - now) / most > FEW ? (end - now) / most :
					  steps_until(timed, end, (end - now) / most);
}

u64 timed_steps_about(struct timed *timed, u64 until)
{
	u64 now = timed_cycles(timed), end = cycle_at(timed, until);

	if (end <= now || !timed_counts(timed))
		return end - MIN(now, end);
	keep_pace(timed, now);
	return MAX((end - now) * PACE_UNIT / timed->pace, LEAST_ABOUT);
}

unsigned timed_steps_before_interrupt(struct timed *timed, u64 ns)
{
	u64 now = MAX(timed_cycles(timed), timed->not_before);
	u64 cycle = ns < timed->epoch ? 0 : MIN(cycle_at(timed, ns), now);

	/* An interrupt from before the model began is visible when it begins. */
	cycle = MAX(cycle, timed->before);
	if (!timed_counts(timed) || !timed->pushed || !timing_looks_ahead(timed->model))
		return 0;
	return timing_retire_until(timed->model, model_cycle(timed, cycle));
}

u64 timed_steps_most(const struct timed *timed, u64 ns)
{
	return MAX((timing_core_cycles(timed->core, ns) + 1) * TIMED_PER_CYCLE, HART_HELD_MAX);
}
