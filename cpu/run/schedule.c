/* SPDX-License-Identifier: MIT */
/*
 * Schedules harts. A hart's own time is that of its cycles, in nanoseconds. clock->base is the time
 * that every running hart has reached; events fire when it gets to them.
 */
#include "cpu/hart/harts.h"

#include "bus/platform.h"
#include "cpu/run/run.h"
#include "cpu/timing/units/coherence.h"

/* The most instructions from LR to SC. */
#define LR_SC_MOST 16
#define SLICE_LR_NONE UINT64_MAX
/* Host clock: the instructions of one hart's turn. */
#define TURN 50000

static bool can_run(const struct hart *hart)
{
	return !hart->dead && !hart->held && (!hart->waiting || hart_wakes(hart));
}

/* Returns the hart that is furthest behind; NULL when all wait. */
static struct hart *furthest_behind(const struct harts *harts)
{
	struct hart *best = NULL;

	for (unsigned n = 0; n < harts->count; n++) {
		struct hart *hart = harts->hart[n];

		if (!hart->waiting && !hart->dead && !hart->held &&
		    (!best || hart_time(hart) < hart_time(best)))
			best = hart;
	}
	return best;
}

/* A hart that slept wakes at the time that the machine has reached. */
static void harts_wake(struct harts *harts)
{
	u64 base = harts->platform->clock.base;

	for (unsigned n = 0; n < harts->count; n++) {
		struct hart *hart = harts->hart[n];

		if (!hart->waiting || !can_run(hart))
			continue;
		hart->waiting = false;
		if (hart_time(hart) < base)
			hart_idle(hart, base - hart_time(hart));
	}
}

/* Returns what can still happen to the harts, of which none can run. */
static enum harts_exit sleep_or_death(const struct harts *harts)
{
	for (unsigned n = 0; n < harts->count; n++)
		if (liveness_is_active(harts->hart[n]))
			return HARTS_IDLE;
	return HARTS_DEAD;
}

/*
 * Returns whether a stop ended a slice that would have gone on; it goes on later, as after a limit.
 */
static bool is_cut(const struct harts *harts)
{
	return harts->stopped && harts->cut;
}

static u64 harts_budget(const struct harts *harts)
{
	u64 retired = harts_retired(harts), limit = MIN(harts->limit, harts->pause);

	return limit > retired ? limit - retired : 0;
}

/*
 * A hart's stores are not compared with the others' reservations, which are therefore lost when it
 * runs.
 */
static void drop_others_reservations(struct harts *harts, const struct hart *hart)
{
	for (unsigned n = 0; n < harts->count; n++)
		if (harts->hart[n] != hart)
			harts->hart[n]->reservation = RESERVATION_NONE;
}

static void harts_slice(struct harts *harts, struct hart *hart, u64 steps)
{
	drop_others_reservations(harts, hart);
	harts->running = hart;
	if (likely(!hart->hooks.slice) || !hart->hooks.slice(hart, harts->tier, steps))
		hart_run(hart, harts->tier, steps);
	hart_synchronize(hart);
	harts->running = NULL;
}

/* Returns whether all other harts wait: then there is none to keep in step with. */
static bool is_alone(const struct harts *harts, const struct hart *hart)
{
	for (unsigned n = 0; n < harts->count; n++) {
		const struct hart *other = harts->hart[n];

		if (other != hart && !other->waiting && !other->dead)
			return false;
	}
	return true;
}

void harts_woken(struct harts *harts)
{
	if (harts->slice_end <= harts->slice_most)
		return;
	/* A slice that a limit has cut does not go on. */
	if (harts->running)
		hart_yield(harts->running);
	else
		harts->slice_end = harts->steps_left = 0;
}

/* Returns the cycles that a hart may run before another's turn, or an event of the machine. */
static u64 slice_length(const struct harts *harts, const struct hart *hart)
{
	return is_alone(harts, hart) ? harts->slice : harts->quantum;
}

/* Fires events. An interrupt that they raise is visible to harts at the time of its event. */
static void harts_fire(struct harts *harts)
{
	struct clock *clock = &harts->platform->clock;
	bool takes[HARTS_MAX];

	for (unsigned n = 0; n < harts->count; n++)
		takes[n] = hart_takes_interrupts(harts->hart[n]);
	clock_fire(clock);
	harts_wake(harts);
	for (unsigned n = 0; n < harts->count; n++)
		if (!takes[n] && hart_takes_interrupts(harts->hart[n]))
			hart_interrupted(harts->hart[n], clock->base);
}

static bool harts_choose(struct harts *harts)
{
	struct clock *clock = &harts->platform->clock;
	struct hart *hart = furthest_behind(harts);
	u64 local, event;

	if (!hart)
		return false;
	local = hart_time(hart);
	if (local > clock->base)
		clock_advance(clock, MIN(local, clock_next(clock)));
	harts_fire(harts);
	hart = furthest_behind(harts);
	local = hart_time(hart);
	event = MAX(clock_next(clock), local + 1);
	harts->current = hart->id;
	harts->slice_end = MIN(local + slice_length(harts, hart), event);
	harts->slice_most = is_alone(harts, hart) ? local : MIN(local + harts->quantum_most, event);
	harts->slice_lr = SLICE_LR_NONE;
	harts->steps_left = 0;
	return true;
}

/*
 * Harts that contend for lines take short turns, so that a line moves to and fro as between caches;
 * when they no longer do, turns grow again.
 */
static void choose_quantum(struct harts *harts)
{
	u64 taken = harts->coherence->taken;

	harts->quantum = taken == harts->taken ? MIN(harts->quantum * 2, harts->quantum_most) :
						 harts->quantum_least;
	harts->taken = taken;
}

/*
 * A short turn does not end between LR and SC, because harts could then keep each other from
 * progress. The manual puts both among 16 instructions (unprivileged manual, "Eventual Success of
 * Store-Conditional Instructions"). A program that comes to no SC, or to another LR first, has
 * given up the LR.
 */
static bool comes_to_sc(struct harts *harts, const struct hart *hart)
{
	if (hart->reservation == RESERVATION_NONE ||
	    hart->steps - hart->reservation_steps >= LR_SC_MOST)
		return false;
	if (harts->slice_lr == SLICE_LR_NONE)
		harts->slice_lr = hart->reservation_steps;
	return harts->slice_lr == hart->reservation_steps;
}

static bool is_over(struct harts *harts, const struct hart *hart)
{
	if (!hart_reaches(hart, harts->slice_end))
		return false;
	if (harts->slice_end >= harts->slice_most || !comes_to_sc(harts, hart))
		return true;
	harts->slice_end = MIN(hart_time(hart) + 1, harts->slice_most);
	return hart_reaches(hart, harts->slice_end);
}

/*
 * Ends the slice, unless only the limit cut it. If all others waited, the machine has reached the
 * hart's time, at which one wakes that it has woken.
 */
static void end_slice(struct harts *harts, struct hart *hart)
{
	struct clock *clock = &harts->platform->clock;
	u64 end = MIN(harts->slice_end, harts->slice_most);

	if (hart->relax && harts->count > 1 && hart_time(hart) < end)
		hart_idle(hart, end - hart_time(hart));
	if (is_alone(harts, hart) && hart_time(hart) > clock->base)
		clock_advance(clock, MIN(hart_time(hart), clock_next(clock)));
	hart->relax = false;
	harts->current = harts->count;
	choose_quantum(harts);
}

/*
 * Returns the steps to the end of the slice. If no event comes soon, and harts do not contend for
 * lines, it may overshoot its end by as much as is cheapest to compute, but never the next event.
 */
static u64 steps_left(const struct harts *harts, struct hart *hart)
{
	u64 next = clock_next(&harts->platform->clock), end = harts->slice_end;

	if (next < end + slice_length(harts, hart) || harts->quantum < harts->quantum_most)
		return hart_steps_until(hart, end);
	return MIN(hart_steps_about(hart, end),
		   next == CLOCK_NEVER ? UINT64_MAX : hart_steps_until(hart, next));
}

/*
 * Runs a part of the slice, `left` steps at most, and step_cap. If one of them cuts it the time is
 * not looked at, because the slice would otherwise end elsewhere than without the cut.
 */
static void run_part(struct harts *harts, struct hart *hart, u64 left)
{
	u64 before = hart->steps;

	/* The hart can be past the end if it went on at another pace. */
	if (!harts->steps_left && !hart_reaches(hart, harts->slice_end))
		harts->steps_left = steps_left(harts, hart);
	if (!harts->steps_left) {
		end_slice(harts, hart);
		return;
	}
	if (harts->step_cap)
		left = MIN(left, harts->step_cap);
	harts_slice(harts, hart, MIN(harts->steps_left, left));
	harts->steps_left -= hart->steps - before;
	if ((hart->yield && !is_cut(harts)) || hart->waiting || hart->dead ||
	    (!harts->steps_left && is_over(harts, hart)))
		end_slice(harts, hart);
}

static enum harts_exit run_virtual(struct harts *harts)
{
	struct clock *clock = &harts->platform->clock;
	u64 left = harts_budget(harts);

	if (!left)
		return HARTS_LIMIT;
	if (harts->current == harts->count) {
		harts_wake(harts);
		if (!harts_choose(harts)) {
			enum harts_exit exit = sleep_or_death(harts);

			if (exit == HARTS_DEAD || clock_next(clock) == CLOCK_NEVER)
				return exit;
			clock_advance(clock, clock_next(clock));
			harts_fire(harts);
			return HARTS_RAN;
		}
		/* An event may have ended the machine. */
		if (harts->platform->end != MACHINE_RUNS)
			return HARTS_RAN;
	}
	run_part(harts, harts->hart[harts->current], left);
	return harts->stopped ? HARTS_STOPPED : HARTS_RAN;
}

static enum harts_exit run_host(struct harts *harts)
{
	bool ran = false;

	clock_fire(&harts->platform->clock);
	for (unsigned n = 0; n < harts->count && harts->platform->end == MACHINE_RUNS; n++) {
		struct hart *hart = harts->hart[(harts->first + n) % harts->count];
		u64 left = harts_budget(harts);

		if (!can_run(hart))
			continue;
		if (!left)
			return HARTS_LIMIT;
		hart->waiting = false;
		harts_slice(harts, hart, MIN(left, harts->step_cap ? harts->step_cap : TURN));
		hart->relax = false;
		ran = true;
		/*
		 * With short slices all harts have their turn: one that steps for long does not
		 * keep others waiting.
		 */
		if (harts->stopped && !harts->step_cap) {
			harts->first = hart->id + 1;
			break;
		}
	}
	if (harts->stopped)
		return HARTS_STOPPED;
	return ran ? HARTS_RAN : sleep_or_death(harts);
}

void harts_hold(struct harts *harts, struct hart *hart, bool held)
{
	struct clock *clock = &harts->platform->clock;

	if (held && harts->current == hart->id)
		end_slice(harts, hart);
	if (!held && hart->held && clock->mode == CLOCK_VIRTUAL && hart_time(hart) < clock->base)
		hart_idle(hart, clock->base - hart_time(hart));
	hart->held = held;
	if (!held && hart->waiting && hart_wakes(hart))
		harts_woken(harts);
}

enum harts_exit harts_run(struct harts *harts)
{
	enum harts_exit exit;

	if (harts->platform->clock.mode == CLOCK_HOST)
		return run_host(harts);
	exit = run_virtual(harts);
	/*
	 * A slice can end at the time of an event. It fires before anybody looks: a machine that is
	 * loaded from here raises what is due at once.
	 */
	if (harts->current == harts->count)
		harts_fire(harts);
	return exit;
}
