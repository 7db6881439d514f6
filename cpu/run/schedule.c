/* SPDX-License-Identifier: MIT */
/*
 * Schedules harts. A hart's own time is the time of its cycles, in nanoseconds. clock->base is the
 * time that every running hart has reached; an event fires when clock->base reaches its time.
 */
#include "cpu/hart/harts.h"

#include "bus/platform.h"
#include "cpu/run/chaos.h"
#include "cpu/run/run.h"
#include "cpu/timing/units/coherence.h"

/* The most instructions from LR to SC. */
#define LR_SC_MOST 16
#define SLICE_LR_NONE UINT64_MAX
/* With the host clock: the instructions of one hart's turn. */
#define TURN 50000

static bool can_run(const struct hart *hart)
{
	return !hart->dead && !hart->held && (!hart->waiting || hart_wakes(hart));
}

/* Returns the hart with the earliest time of its own; NULL if all wait. */
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

/* Wakes the harts that can run again, at the time that the machine has reached. */
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

/*
 * Returns whether the harts, none of which can run, are idle, or dead because nothing can wake
 * them.
 */
static enum harts_exit sleep_or_death(const struct harts *harts)
{
	for (unsigned n = 0; n < harts->count; n++)
		if (liveness_is_active(harts->hart[n]))
			return HARTS_IDLE;
	return HARTS_DEAD;
}

/* Returns whether a stop interrupted a slice, which continues later, as after a limit. */
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
 * Clears the reservations of all other harts before a hart runs, because its stores are not
 * compared with them.
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

/* Returns whether all other harts wait, so that the hart need not keep in step with any. */
static bool is_alone(const struct harts *harts, const struct hart *hart)
{
	for (unsigned n = 0; n < harts->count; n++) {
		const struct hart *other = harts->hart[n];

		if (other != hart && !other->waiting && !other->dead)
			return false;
	}
	return true;
}

void harts_leave_slice(struct harts *harts)
{
	if (harts->running)
		hart_yield(harts->running);
	else
		harts->slice_end = harts->slice_most = harts->steps_left = 0;
}

void harts_woken(struct harts *harts)
{
	if (harts->slice_end > harts->slice_most)
		harts_leave_slice(harts);
}

/* Returns how many ns a hart may run before it is another's turn. */
static u64 slice_length(const struct harts *harts, const struct hart *hart)
{
	if (is_alone(harts, hart))
		return harts->slice;
	return harts->chaos ? chaos_turn(harts, hart, harts->quantum) : harts->quantum;
}

/*
 * Fires the events that are due. An interrupt that an event raises is visible to harts from the
 * time of the event on.
 */
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
	/*
	 * All events up to the hart's time fire before it runs, one time after the other, because
	 * each may let a hart run that is further behind. An event that is armed for the past again
	 * and again must not prevent that any hart runs.
	 */
	do {
		local = hart_time(hart);
		if (local > clock->base)
			clock_advance(clock, MIN(local, clock_next(clock)));
		harts_fire(harts);
		hart = furthest_behind(harts);
		local = hart_time(hart);
		event = clock_next(clock);
	} while (event > clock->base && event <= local && harts->platform->end == MACHINE_RUNS);
	event = MAX(event, local + 1);
	harts->current = hart->id;
	harts->slice_end = MIN(local + slice_length(harts, hart), event);
	harts->slice_most = is_alone(harts, hart) ? local : MIN(local + harts->quantum_most, event);
	harts->slice_lr = SLICE_LR_NONE;
	harts->steps_left = 0;
	return true;
}

/*
 * Chooses the next quantum. Harts that contend for cache lines take short turns, so that a line
 * moves to and fro as between real caches; when they no longer contend, the turns become longer
 * again.
 */
static void choose_quantum(struct harts *harts)
{
	u64 taken = harts->coherence->taken;

	harts->quantum = taken == harts->taken ? MIN(harts->quantum * 2, harts->quantum_most) :
						 harts->quantum_least;
	harts->taken = taken;
}

/*
 * Returns whether the hart may be between LR and SC. A short turn does not end there, because harts
 * could then prevent each other's progress; nor does a turn that a debugger stops (host_turn). The
 * manual requires that LR and SC are within 16 instructions (unprivileged manual, "Eventual Success
 * of Store-Conditional Instructions"). A turn waits for the SC of one LR only, and not longer than
 * that.
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
 * Ends the slice. If all other harts wait, the machine's time advances to the hart's, so that a
 * hart which it has woken begins at that time.
 */
static void end_slice(struct harts *harts, struct hart *hart)
{
	struct clock *clock = &harts->platform->clock;
	u64 end = MIN(harts->slice_end, harts->slice_most);

	if (hart->relax && harts->count > 1 && hart_time(hart) < end)
		hart_idle(hart, end - hart_time(hart));
	if (is_alone(harts, hart) && hart_time(hart) > clock->base)
		clock_advance(clock, MIN(hart_time(hart), clock_next(clock)));
	else if (harts->chaos && !hart->waiting)
		hart_idle(hart, chaos_pause(harts, hart));
	hart->relax = false;
	harts->current = harts->count;
	choose_quantum(harts);
}

/*
 * Returns the steps to the end of the slice. If there is no event soon, turns have their usual
 * length, and harts do not contend for cache lines, the number is an estimate that is cheap to
 * compute: the slice may then overshoot its end, but never the next event.
 */
static u64 steps_left(const struct harts *harts, struct hart *hart)
{
	u64 next = clock_next(&harts->platform->clock), end = harts->slice_end;

	if (harts->chaos || harts->quantum < harts->quantum_most ||
	    next < end + slice_length(harts, hart))
		return hart_steps_until(hart, end);
	return MIN(hart_steps_about(hart, end),
		   next == CLOCK_NEVER ? UINT64_MAX : hart_steps_until(hart, next));
}

/*
 * Runs a part of the slice, of at most `left` and at most step_cap steps. If one of these limits
 * interrupts the slice, the time is not checked, because otherwise the slice might end at another
 * place than without the interruption.
 */
static void run_part(struct harts *harts, struct hart *hart, u64 left)
{
	u64 before = hart->steps;

	/* The hart may be past the end already, if its pace has changed. */
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

/*
 * Runs a turn of a hart, and returns whether it keeps the turn: no other hart may run before its
 * SC, because that would end its reservation. It keeps the turn if a debugger has stopped the
 * machine while it is between LR and SC; otherwise no LR/SC could succeed that is single-stepped,
 * or has a breakpoint or watchpoint. From there it runs step by step, so that the others have their
 * turn right after the SC, and then another LR can be waited for.
 */
static bool host_turn(struct harts *harts, struct hart *hart, u64 most)
{
	bool kept = harts->slice_lr == hart->reservation_steps && comes_to_sc(harts, hart);

	if (!kept)
		harts->slice_lr = SLICE_LR_NONE;
	hart->waiting = false;
	harts_slice(harts, hart, kept ? 1 : most);
	hart->relax = false;
	return (kept || harts->stopped) && comes_to_sc(harts, hart);
}

static enum harts_exit run_host(struct harts *harts)
{
	bool ran = false;

	clock_fire(&harts->platform->clock);
	for (unsigned n = 0; n < harts->count && harts->platform->end == MACHINE_RUNS; n++) {
		struct hart *hart = harts->hart[(harts->first + n) % harts->count];
		u64 left = harts_budget(harts);
		bool keeps;

		if (!can_run(hart))
			continue;
		if (!left)
			return HARTS_LIMIT;
		keeps = host_turn(harts, hart, MIN(left, harts->step_cap ? harts->step_cap : TURN));
		ran = true;
		/*
		 * When devices have worked for one hart, the run loop looks at the host before the
		 * others have their turn. With a step_cap, slices are so short that all harts have
		 * their turn even after a stop; then a hart that is single-stepped for long does
		 * not keep the others waiting.
		 */
		if (keeps || harts->platform->worked || (harts->stopped && !harts->step_cap)) {
			harts->first = keeps ? hart->id : hart->id + 1;
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
	 * A slice may end at the time of an event. The event fires now, before the state can be
	 * saved or observed: a machine that is loaded from this state would also fire it at once.
	 */
	if (harts->current == harts->count)
		harts_fire(harts);
	return exit;
}
